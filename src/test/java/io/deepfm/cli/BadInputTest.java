package io.deepfm.cli;

import static io.deepfm.cli.BadInput.bad;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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
    @MethodSource({
        "usage",
        "configurations",
        "data",
        "io.deepfm.cli.BadTables#checkpoints",
        "io.deepfm.cli.BadTables#weights",
        "io.deepfm.cli.BadTables#tables",
        "io.deepfm.cli.BadTables#modelTables",
        "io.deepfm.cli.BadPredictions#places",
        "io.deepfm.cli.BadPredictions#predictions"
    })
    void isExplained(BadInput bad) throws IOException {
        bad.damage().on(folder);
        Map<String, String> before = outputs();

        CommandRun run = CommandRun.of(here(bad.args()));

        Map<String, String> after = outputs();
        List<String> lost = before.keySet().stream()
                .filter(name -> !before.get(name).equals(after.get(name)))
                // That other raw files fit is known now; nothing is made of them.
                .filter(name -> !name.equals("work/manifests/check.json"))
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

    static Stream<BadInput> usage() {
        return Stream.concat(
                Stream.of("pipeline", "download", "ingest", "split", "encode", "sample", "train", "score", "evaluate")
                        .map(command -> bad(command + " without --config")
                                .run(command)
                                .exits(Main.EXIT_CONFIG)
                                .says("--config=FILE")),
                Stream.of(
                        bad("recommend without a model")
                                .run("recommend", "--output", "{}/top")
                                .exits(Main.EXIT_CONFIG)
                                .says("--checkpoint DIR", "--config FILE"),
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
                        bad("option without its value")
                                .command("score", "--checkpoint")
                                .exits(Main.EXIT_CONFIG)
                                .says("--checkpoint"),
                        bad("override without a value")
                                .command("train", "--override", "training.batch_size")
                                .exits(Main.EXIT_CONFIG)
                                .says("--override training.batch_size", "key=value"),
                        bad("folder as configuration file")
                                .run("train", "--config", "{}")
                                .exits(Main.EXIT_CONFIG)
                                .says("There is no configuration file {}"),
                        bad("unknown master")
                                .run("ingest", "--config", "{}/tiny.conf", "--master", "locla")
                                .exits(Main.EXIT_CONFIG)
                                .says("locla", "--master")));
    }

    static Stream<BadInput> configurations() {
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
                        .says("{}/tiny.conf:14:", "training.epochs", "an integer", "many"),
                bad("negative batch size")
                        .config("  batch_size = 64", "  batch_size = -64")
                        .command("train")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf:13:", "training.batch_size", "-64"),
                bad("value instead of a section")
                        .config("dnn.hidden_units = [8]", "data = 5")
                        .command("ingest")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf: 11: data has type NUMBER rather than OBJECT"),
                bad("number too large")
                        .config("  batch_size = 64", "  batch_size = 99999999999")
                        .command("train")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf:13:", "training.batch_size", "99999999999"),
                bad("number that is none")
                        .config("  batch_size = 64", "  lr = NaN")
                        .command("train")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf:13:", "training.lr", "NaN"),
                bad("substitution of nothing")
                        .config("  batch_size = 64", "  batch_size = ${nothing}")
                        .command("train")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf: 13", "nothing"),
                bad("endless nesting")
                        .config("dnn.hidden_units = [8]", "dnn.hidden_units = " + "[".repeat(100_000))
                        .command("train")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf", "nested too deeply"),
                bad("bytes that are no text")
                        .damaged(
                                in -> Files.write(in.resolve("tiny.conf"), new byte[] {(byte) 0x1f, (byte) 0x8b, 8, 0}))
                        .command("train")
                        .exits(Main.EXIT_CONFIG)
                        .says("{}/tiny.conf"),
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
                        .says("model_name", "wide_and_deep", "deepfm, xdeepfm, attention_deepfm, dcnv2"));
    }

    static Stream<BadInput> data() {
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
                        .says(
                                "{}/raw/u.data:1:",
                                "84 rows cannot be used: 84 wrong number of columns. The first",
                                "{}/raw/u.data:3:",
                                "The columns are user_id, movie_id, rating, timestamp."),
                bad("line without end")
                        .file("u.data", lines -> List.of("PK".repeat(100_000)))
                        .command("ingest")
                        .exits(Main.EXIT_DATA)
                        .says("{}/raw/u.data:1:", "1 columns instead of 4", "PKPKPK"));
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

    private static UnaryOperator<List<String>> line(int number, String text) {
        return lines -> {
            List<String> changed = new ArrayList<>(lines);
            changed.set(number - 1, text);
            return changed;
        };
    }
}
