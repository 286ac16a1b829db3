package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.Option;

/**
 * What is wrong with the input is said on one screen, by the place and the value, and told apart by the exit code. Each
 * case runs over the output of an earlier run, of which nothing may be lost.
 */
class BadInputTest {

    private static final int LINES_OF_A_SCREEN = 15;
    private static final int CHARACTERS_OF_A_SCREEN = 2000;

    @TempDir
    private Path folder;

    @BeforeEach
    void copyAFinishedRun() throws IOException {
        FinishedRun.get().copy(folder);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"usage", "configurations", "data", "checkpoints", "places", "predictions"})
    void isExplained(Case bad) throws IOException {
        bad.damage().on(folder);
        Map<String, String> before = outputs();

        CommandRun run = CommandRun.of(here(bad.args()));

        Map<String, String> after = outputs();
        List<String> lost = before.keySet().stream()
                .filter(name -> !before.get(name).equals(after.get(name)))
                .toList();
        List<String> halfDone =
                after.keySet().stream().filter(name -> name.contains(".tmp-")).toList();
        boolean isSparkRunning = stopSpark();
        assertSoftly(softly -> {
            softly.assertThat(run.err()).as(bad + ": message").contains(here(bad.fragments()));
            softly.assertThat(run.exitCode()).as(bad + ": exit code").isEqualTo(bad.exitCode());
            softly.assertThat(run.err() + run.out()).as(bad + ": stack trace").doesNotContain("\tat ");
            softly.assertThat(run.err().strip().lines().count())
                    .as(bad + ": lines")
                    .isLessThanOrEqualTo(LINES_OF_A_SCREEN);
            softly.assertThat(run.err().length()).as(bad + ": characters").isLessThanOrEqualTo(CHARACTERS_OF_A_SCREEN);
            softly.assertThat(lost).as(bad + ": lost of an earlier run").isEmpty();
            softly.assertThat(halfDone).as(bad + ": left half done").isEmpty();
            softly.assertThat(isSparkRunning)
                    .as(bad + ": Spark goes on running")
                    .isFalse();
        });
    }

    static Stream<Case> usage() {
        return Stream.concat(
                Stream.of(
                                "pipeline",
                                "download",
                                "ingest",
                                "split",
                                "encode",
                                "sample",
                                "train",
                                "score",
                                "evaluate",
                                "predict",
                                "recommend")
                        .map(command -> bad(command + " without --config")
                                .run(command)
                                .exits(Main.EXIT_CONFIG)
                                .says("--config=FILE")),
                Stream.of(
                        bad("unknown command")
                                .run("trian", "--config", "{}/tiny.conf")
                                .exits(Main.EXIT_CONFIG)
                                .says("'trian'", "deepfm train"),
                        bad("unknown option")
                                .run("train", "--config", "{}/tiny.conf", "--froce")
                                .exits(Main.EXIT_CONFIG)
                                .says("'--froce'", "--force"),
                        bad("missing configuration file")
                                .run("train", "--config", "{}/missing.conf")
                                .exits(Main.EXIT_CONFIG)
                                .says("{}/missing.conf", "--config"),
                        bad("epochs that are no numbers")
                                .command("sample", "--epochs", "two")
                                .exits(Main.EXIT_CONFIG)
                                .says("--epochs two", "1-5"),
                        bad("epochs that are no numbers, before anything is prepared")
                                .command("sample", "--override", "work_dir={}/new-work", "--epochs", "two")
                                .exits(Main.EXIT_CONFIG)
                                .says("--epochs two", "1-5"),
                        bad("epochs that end before they begin")
                                .command("sample", "--epochs", "5-1")
                                .exits(Main.EXIT_CONFIG)
                                .says("--epochs 5-1"),
                        bad("unknown master")
                                .run("ingest", "--config", "{}/tiny.conf", "--master", "locla")
                                .exits(Main.EXIT_CONFIG)
                                .says("locla", "--master")));
    }

    static Stream<Case> configurations() {
        return Stream.of(
                bad("unknown key")
                        .config("  batch_size = 64", "  batch_sise = 64")
                        .command("train")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf:13:", "training.batch_sise", "training.batch_size"),
                bad("unknown key in an override")
                        .command("train", "--override", "training.epoch=3")
                        .exits(Main.EXIT_CONFIG)
                        .says("--override training.epoch=3", "training.epochs"),
                bad("wrong type")
                        .config("  epochs = 1", "  epochs = many")
                        .command("train")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf:14:", "training.epochs", "whole number", "many"),
                bad("negative batch size")
                        .config("  batch_size = 64", "  batch_size = -64")
                        .command("train")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf:13:", "training.batch_size", "-64"),
                bad("unclosed section")
                        .config("  num_threads = 1\n}", "  num_threads = 1")
                        .command("train")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf:"),
                bad("unknown dataset")
                        .config("movielens-100k", "movielens-100m")
                        .command("ingest")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf:6:", "data.dataset_name", "movielens-100m", "movielens-100k"),
                bad("unknown dataset in an override")
                        .command("ingest", "--override", "data.dataset_name=netflix")
                        .exits(Main.EXIT_CONFIG)
                        .says("data.dataset_name", "netflix", "movielens-100k"),
                bad("unknown model")
                        .config("model_name = deepfm", "model_name = deepmf")
                        .command("train")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf:1:", "model_name", "deepmf", "Did you mean deepfm?"),
                bad("unknown model, before any stage runs")
                        .command("pipeline", "--force", "--override", "model_name=wide_and_deep")
                        .exits(Main.EXIT_CONFIG)
                        .says("model_name", "wide_and_deep", "attention_deepfm, deepfm, xdeepfm"));
    }

    static Stream<Case> data() {
        return Stream.of(
                bad("missing data file")
                        .damaged(in -> Files.delete(in.resolve("raw/u.data")))
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.data", "data.data_dir"),
                bad("empty file")
                        .file("u.data", lines -> List.of())
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.data", "empty", "user_id, movie_id, rating, timestamp"),
                bad("row with a missing column")
                        .file("u.data", line(3, "4\t5\t881250949"))
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.data:3:", "3 columns instead of 4", "'4\t5\t881250949'"),
                bad("row with a column too many")
                        .file("u.user", line(2, "2|23|F|other|20000|x"))
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.user:2:", "6 columns instead of 5", "'2|23|F|other|20000|x'"),
                bad("rating that is no number")
                        .file("u.data", line(5, "5\t6\tgood\t881250949"))
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.data:5:", "column rating", "'good'"),
                bad("time that is no whole number")
                        .file("u.data", line(84, "5\t6\t3\t1997-12-04"))
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.data:84:", "column timestamp", "'1997-12-04'"),
                bad("empty value")
                        .file("u.user", line(1, "1|24||technician|85711"))
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.user:1:", "column gender", "empty"),
                bad("rating of an unknown user")
                        .file("u.data", line(7, "99\t6\t3\t881250949"))
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.data:7:", "column user_id", "99", "u.user"),
                bad("rating of an unknown item")
                        .file("u.data", line(7, "5\t21\t3\t881250949"))
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.data:7:", "column movie_id", "21", "u.item"),
                bad("duplicate user id")
                        .file("u.user", line(9, "3|24|M|technician|85711"))
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.user:9:", "column user_id", "3", "line 3"),
                bad("nothing but bad rows")
                        .file("u.data", lines -> lines.stream()
                                .map(line -> line.replace('\t', ','))
                                .toList())
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.data:1:", "{}/raw/u.data:5:", "79 more"),
                bad("line without end")
                        .file("u.data", lines -> List.of("PK".repeat(100_000)))
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.data:1:", "1 columns instead of 4", "PKPKPK"),
                bad("stage before the one it needs")
                        .command("encode", "--override", "work_dir={}/new-work")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new-work", "deepfm split"));
    }

    static Stream<Case> checkpoints() {
        return Stream.of(
                bad("missing checkpoint")
                        .command("score", "--checkpoint", "{}/missing")
                        .exits(Main.EXIT_DATA)
                        .says("{}/missing"),
                bad("truncated weights")
                        .copiedModel("model.safetensors", bytes -> Arrays.copyOf(bytes, bytes.length - 100))
                        .command("score", "--checkpoint", "{}/model")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/model.safetensors", "dnn.output.weight"),
                bad("weights without anything")
                        .copiedModel("model.safetensors", bytes -> new byte[0])
                        .command("evaluate", "--checkpoint", "{}/model")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/model.safetensors", "0 bytes"),
                bad("weights that are no safetensors file")
                        .copiedModel("model.safetensors", bytes -> text("PK this is a zip file"))
                        .command("score", "--checkpoint", "{}/model")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/model.safetensors"),
                bad("weights of another architecture")
                        .copiedModel(
                                "model.json",
                                bytes -> text(new String(bytes, StandardCharsets.UTF_8)
                                        .replaceFirst("(hidden_units[^\\]]*)8", "$1 9")))
                        .command("score", "--checkpoint", "{}/model")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model", "dnn.0.linear.weight", "[8, ", "[9, "),
                bad("initial weights of another architecture")
                        .command(
                                "train",
                                "--initial-weights",
                                "{}/run/model/model.safetensors",
                                "--override",
                                "dnn.hidden_units=[9]")
                        .exits(Main.EXIT_DATA)
                        .says("{}/run/model/model.safetensors", "dnn.0.linear.weight", "[8, ", "[9, "),
                bad("missing initial weights")
                        .command("train", "--initial-weights", "{}/none.safetensors")
                        .exits(Main.EXIT_DATA)
                        .says("{}/none.safetensors"),
                bad("architecture that cannot be read")
                        .copiedModel("model.json", bytes -> Arrays.copyOf(bytes, 20))
                        .command("score", "--checkpoint", "{}/model")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/model.json"));
    }

    static Stream<Case> places() {
        return Stream.of("output_dir", "work_dir").map(key -> bad(key + " that cannot be written")
                .damaged(in -> Files.writeString(in.resolve("regular-file"), ""))
                .command("ingest", "--override", key + "={}/regular-file/run")
                .exits(Main.EXIT_CONFIG)
                .says(key, "{}/regular-file/run", "--override"));
    }

    static Stream<Case> predictions() {
        return Stream.of(
                bad("missing input")
                        .command("predict", "--input", "{}/new.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("There is no file {}/new.data"),
                bad("empty input")
                        .damaged(in -> Files.writeString(in.resolve("new.data"), ""))
                        .command("predict", "--input", "{}/new.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.data is empty", "user_id, movie_id"),
                bad("input with a key that is no number")
                        .damaged(in -> Files.writeString(in.resolve("new.data"), "1\t2\none\t2\n"))
                        .command("predict", "--input", "{}/new.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.data:2:", "column user_id", "'one'"),
                bad("input without the keys")
                        .damaged(in -> Files.writeString(in.resolve("new.data"), "1,2\n"))
                        .command("predict", "--input", "{}/new.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.data:1:", "1 columns instead of 4", "'1,2'"),
                bad("input whose lines differ")
                        .damaged(in -> Files.writeString(in.resolve("new.data"), "1\t2\n1\t2\t3\n"))
                        .command("predict", "--input", "{}/new.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.data:2:", "3 columns instead of 2", "'1\t2\t3'"),
                bad("user on two lines")
                        .damaged(in ->
                                Files.writeString(in.resolve("new.user"), "70|24|M|other|85711\n70|25|M|other|85711\n"))
                        .command("recommend", "--users", "{}/new.user", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.user:2:", "column user_id", "70", "line 1"),
                bad("item file that does not fit")
                        .damaged(in -> Files.writeString(in.resolve("new.item"), "70|Film\n"))
                        .command("predict", "--input", "{}/raw/u.data", "--items", "{}/new.item", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.item:1:", "2 columns instead of 24", "'70|Film'"),
                bad("no items asked for")
                        .command("recommend", "--top", "0", "--output", "{}/out")
                        .exits(Main.EXIT_CONFIG)
                        .says("--top 0", "at least 1"),
                bad("output in a folder with other files")
                        .command("recommend", "--force", "--output", "{}/run")
                        .exits(Main.EXIT_CONFIG)
                        .says("--output {}/run", "Choose another folder"),
                bad("output below a file")
                        .command("recommend", "--output", "{}/tiny.conf/out")
                        .exits(Main.EXIT_CONFIG)
                        .says("--output {}/tiny.conf/out", "cannot be written"),
                bad("model without its dataset")
                        .copiedModel("dataset.json", bytes -> bytes)
                        .damaged(in -> Files.delete(in.resolve("model/dataset.json")))
                        .command("recommend", "--checkpoint", "{}/model", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model has no dataset.json", "train again"),
                bad("dataset that cannot be read")
                        .copiedModel("dataset.json", bytes -> Arrays.copyOf(bytes, 50))
                        .command("recommend", "--checkpoint", "{}/model", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/dataset.json"),
                bad("encoders of other data")
                        .copiedModel(
                                "encoders.json",
                                bytes -> text(new String(bytes, StandardCharsets.UTF_8).replace("\"other\",", "")))
                        .command(
                                "predict", "--checkpoint", "{}/model", "--input", "{}/raw/u.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/encoders.json", "schema.json"));
    }

    /** All that runs have left, but for the logs: the digest of each file, and the folders. */
    private Map<String, String> outputs() throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (String root : List.of("run", "work")) {
            try (Stream<Path> files = Files.walk(folder.resolve(root))) {
                for (Path file :
                        files.filter(file -> !file.toString().endsWith(".log")).toList()) {
                    digests.put(
                            folder.relativize(file).toString(),
                            Files.isDirectory(file) ? "" : digest(Files.readAllBytes(file)));
                }
            }
        }
        return digests;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether Spark had to be stopped, which a command should have done. */
    private static boolean stopSpark() {
        Option<SparkSession> session = SparkSession.getDefaultSession();
        boolean isRunning = session.isDefined() && !session.get().sparkContext().isStopped();
        if (isRunning) {
            session.get().stop();
        }
        return isRunning;
    }

    private String[] here(List<String> texts) {
        return texts.stream().map(text -> text.replace("{}", folder.toString())).toArray(String[]::new);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static UnaryOperator<List<String>> line(int number, String text) {
        return lines -> {
            List<String> changed = new ArrayList<>(lines);
            changed.set(number - 1, text);
            return changed;
        };
    }

    private static Case bad(String name) {
        return new Case(name, in -> {}, List.of(), -1, List.of());
    }

    /** Makes the input bad. */
    private interface Damage {
        void on(Path folder) throws IOException;
    }

    /**
     * One kind of bad input; {@code {}} stands for the folder of the test.
     *
     * @param name what is bad
     * @param damage makes it so
     * @param args the command and its options
     * @param exitCode what kind of error it is
     * @param fragments what the message must say
     */
    private record Case(String name, Damage damage, List<String> args, int exitCode, List<String> fragments) {

        Case damaged(Damage how) {
            Damage earlier = damage;
            Damage both = in -> {
                earlier.on(in);
                how.on(in);
            };
            return new Case(name, both, args, exitCode, fragments);
        }

        Case config(String text, String replacement) {
            return damaged(in -> {
                String good = Files.readString(in.resolve("tiny.conf"));
                assertThat(good).contains(text);
                Files.writeString(in.resolve("tiny.conf"), good.replace(text, replacement));
            });
        }

        Case file(String file, UnaryOperator<List<String>> change) {
            return damaged(in -> {
                Path path = in.resolve("raw").resolve(file);
                Files.write(path, change.apply(Files.readAllLines(path)));
            });
        }

        Case copiedModel(String file, UnaryOperator<byte[]> change) {
            return damaged(in -> {
                FileUtils.copyDirectory(
                        in.resolve("run/model").toFile(), in.resolve("model").toFile());
                Path path = in.resolve("model").resolve(file);
                Files.write(path, change.apply(Files.readAllBytes(path)));
            });
        }

        Case run(String... all) {
            return new Case(name, damage, List.of(all), exitCode, fragments);
        }

        Case command(String command, String... options) {
            List<String> all = new ArrayList<>(List.of(command, "--config", "{}/tiny.conf", "--master", "local[1]"));
            all.addAll(List.of(options));
            return new Case(name, damage, all, exitCode, fragments);
        }

        Case exits(int code) {
            return new Case(name, damage, args, code, fragments);
        }

        Case says(String... texts) {
            return new Case(name, damage, args, exitCode, List.of(texts));
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
