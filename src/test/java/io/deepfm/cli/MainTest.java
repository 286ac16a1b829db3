package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deepfm.model.io.TensorFile;
import io.deepfm.pipeline.lock.Lock;
import io.deepfm.report.RunDirectory;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.LogManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    @TempDir
    private Path folder;

    private final FinishedRun finished = FinishedRun.get();
    private final CommandRun pipeline = finished.pipeline();
    private Path config;

    @BeforeEach
    void copyAFinishedRun() throws IOException {
        config = finished.copy(folder);
    }

    @Test
    void theHelpTextListsTheCommands() {
        CommandRun help = CommandRun.of("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .contains(
                        "Usage: deepfm",
                        "pipeline",
                        "download",
                        "ingest",
                        "split",
                        "encode",
                        "sample",
                        "train",
                        "score",
                        "baselines",
                        "evaluate",
                        "explain",
                        "predict",
                        "recommend",
                        "compare",
                        "benchmark");
    }

    @Test
    void withoutACommandTheyAreListedToo() {
        CommandRun nothing = CommandRun.of();
        assertThat(nothing.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(nothing.err()).contains("Missing required subcommand", "pipeline", "evaluate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pipeline",
                "download",
                "ingest",
                "split",
                "encode",
                "sample",
                "train",
                "score",
                "baselines",
                "evaluate",
                "explain",
                "predict",
                "recommend",
                "benchmark"
            })
    void eachCommandHasAHelpText(String command) {
        CommandRun help = CommandRun.of(command, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage: deepfm " + command, "--config", "--override", "--force", "--master");
        assertThat(help.err()).isEmpty();
    }

    @Test
    void theVersionIsThatOfThePom() throws IOException {
        CommandRun version = CommandRun.of("--version");
        assertThat(version.exitCode()).isZero();
        String pom = Files.readString(Path.of("pom.xml"));
        assertThat(pom).contains("<version>" + version.out().strip().replace("deepfm-spark ", "") + "</version>");
    }

    @Test
    void thePipelineSaysWhatEachStageDid() {
        assertThat(pipeline.exitCode()).isZero();
        assertThat(pipeline.err()).isEmpty();
        // Of 12 users with 7 ratings each, the last is test and the one before it validation.
        assertThat(pipeline.out())
                .contains(
                        "12 users, 20 items",
                        "84 interactions of 12 users and 20 items",
                        "train 60 (",
                        "validation 12 (",
                        "test 12 (")
                .contains("1 + 10 items for each of 12 validation and 12 test interactions")
                .containsPattern("epoch +1 ")
                .contains("264 candidates")
                .contains("results.json");
    }

    @Test
    void thePipelineLeavesTheRunsFiles() throws IOException {
        for (String file : List.of(
                "results.json",
                "report.html",
                "metrics.csv",
                "model/model.safetensors",
                "model/model.json",
                "model/schema.json",
                "model/encoders.json",
                "model/dataset.json")) {
            assertThat(folder.resolve("run").resolve(file)).isNotEmptyFile();
        }
        for (String table :
                List.of("rankings/validation", "rankings/test", "model/users", "model/items", "model/seen")) {
            assertThat(folder.resolve("run").resolve(table)).isNotEmptyDirectory();
        }
        assertThat(Files.readString(finished.folder().resolve("run/train.log"))).isEqualTo(pipeline.out());
        assertThat(folder.resolve("work/epochs"))
                .as("shards that were trained on")
                .isEmptyDirectory();
    }

    @Test
    void theResultsNameTheDeviceAndTheVersions() throws IOException {
        JsonNode environment = new ObjectMapper()
                .readTree(folder.resolve("run/results.json").toFile())
                .path("environment");
        assertThat(environment.path("device").asText()).isEqualTo("cpu");
        assertThat(environment.path("djl").asText()).matches("0\\.\\d+\\.\\d+");
        assertThat(environment.path("pytorch").asText()).matches("2\\.\\d+\\.\\d+");
    }

    @Test
    void aModelThatIsWorseThanAConstantIsToldLast() throws IOException {
        JsonNode results =
                new ObjectMapper().readTree(folder.resolve("run/results.json").toFile());
        double constant = results.at("/constant_rate/test_logloss").asDouble();
        assertThat(constant).isPositive();
        boolean isWorse = results.at("/test_metrics/logloss_heldout").asDouble() > constant;
        assertThat(results.path("warnings")).hasSize(isWorse ? 1 : 0);
        assertThat(pipeline.out()
                        .stripTrailing()
                        .lines()
                        .reduce((first, second) -> second)
                        .orElseThrow())
                .startsWith(isWorse ? "  warning: " : "  " + finished.folder());
    }

    /** The tiny configuration names three of the baselines. */
    @Test
    void theResultsHaveTheBaselinesBesideTheModel() throws IOException {
        JsonNode results =
                new ObjectMapper().readTree(folder.resolve("run/results.json").toFile());
        JsonNode baselines = results.path("baselines");
        assertThat(baselines.fieldNames()).toIterable().containsExactly("popularity", "ease", "ease_transitions");
        for (JsonNode baseline : baselines) {
            for (String split : List.of("val_metrics", "test_metrics")) {
                assertThat(baseline.path(split).fieldNames())
                        .toIterable()
                        .containsExactlyElementsOf(() -> results.path(split).fieldNames());
                assertThat(baseline.path(split).path("users_ranked"))
                        .isEqualTo(results.path(split).path("users_ranked"));
                assertThat(baseline.path(split).path("auc").asDouble()).isBetween(0.01, 1.0);
            }
            assertThat(baseline.path("test_metrics").path("logloss").isNull()).isTrue();
        }
        assertThat(baselines.path("ease").path("settings").path("rows").asText())
                .isIn("all", "liked");
        assertThat(baselines.path("ease").path("settings").path("lambda").asDouble())
                .isIn(2.0, 20.0);
        assertThat(pipeline.out()).containsPattern("baselines +[\\d.]+ s +popularity, ease, ease_transitions");
    }

    @Test
    void baselinesAreSharedByTheRunsOverADataset() {
        CommandRun other = run("baselines", "--override", "output_dir=" + folder.resolve("other"));
        assertThat(other.exitCode()).isZero();
        assertThat(other.out())
                .containsPattern("baselines +up to date")
                .contains("Validation metrics, 10 negatives per user", "Test metrics", "ease: rows = ");
        assertThat(folder.resolve("other")).doesNotExist();
        // One more is computed alone, and the others stay.
        assertThat(run("baselines", "--override", "evaluation.baselines=[popularity, transitions]")
                        .out())
                .containsPattern("baselines +[\\d.]+ s +popularity, transitions")
                .contains("transitions: window = ");
        assertThat(run("baselines").out()).containsPattern("baselines +up to date");
        assertThat(run("baselines", "--override", "evaluation.baselines=[]").exitCode())
                .isZero();
    }

    @Test
    void aBaselineThatNobodyKnowsIsAnErrorWithTheNearestName() {
        CommandRun wrong = run("pipeline", "--override", "evaluation.baselines=[popularity, eas]");
        assertThat(wrong.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(wrong.err()).contains("--override", "evaluation.baselines: there is no eas. Did you mean ease?");
    }

    @Test
    void otherBaselinesLeaveTheModelAsItIs() {
        run("pipeline");
        assertThat(run("pipeline", "--override", "evaluation.baselines=[popularity]")
                        .out())
                .containsPattern("train +up to date")
                .containsPattern("score +up to date")
                .containsPattern("evaluate +[\\d.]+ s");
    }

    @Test
    void aSecondRunInAnOutputDirectoryThatIsInUseIsRefused() throws IOException {
        Storage storage = new Storage(new Configuration());
        var file = new RunDirectory(
                        new org.apache.hadoop.fs.Path(folder.resolve("run").toString()))
                .lock();
        Path log = Files.writeString(folder.resolve("run/spark.log"), "of the first");
        Lock first = Lock.take(storage, file, "train", "", file);
        CommandRun second = run("evaluate");
        LogManager.getLogger("test").warn("where the second one's log goes");
        assertThat(log).content().isEqualTo("of the first");
        first.close();
        assertThat(second.exitCode()).isEqualTo(Main.EXIT_OTHER);
        assertThat(second.err())
                .contains("output_dir = " + folder.resolve("run"), "in use by process", "(deepfm train)", "since 20");
        assertThat(run("evaluate").exitCode()).isZero();
        assertThat(folder.resolve("run")).isDirectoryNotContaining("glob:**/.lock*");
    }

    @Test
    void whatIsThereAlreadyIsKeptAlsoWhenTheFoldersHaveMoved() {
        CommandRun again = run("ingest");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).containsPattern("ingest .*up to date");
        assertThat(run("split").out()).containsPattern("split .*up to date");
        assertThat(run("encode").out()).containsPattern("encode .*up to date");
        assertThat(run("sample").out()).containsPattern("candidates .*up to date");
    }

    @Test
    void whatAFinishedRunHasIsNotDoneAgain() throws IOException {
        // The copy lies in another folder, which is part of results.json.
        assertThat(run("pipeline").out())
                .containsPattern("train +up to date +best epoch 1 of 1")
                .containsPattern("score +up to date +264 candidates");
        byte[] results = Files.readAllBytes(folder.resolve("run/results.json"));
        CommandRun again = run("pipeline");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).containsPattern("evaluate +up to date").contains("Test metrics", "popularity");
        assertThat(folder.resolve("run/results.json")).hasBinaryContent(results);
    }

    @Test
    void resultsSayWhereTheModelWasTrainedWithOtherSettings() throws IOException {
        CommandRun evaluate = run("evaluate", "--override", "training.lr=0.5", "evaluation.ks=[5,10]");
        assertThat(evaluate.exitCode()).isZero();
        assertThat(evaluate.out())
                .containsPattern(
                        "warning: the model was trained with other settings than those that stand under config:"
                                + " training.lr = [\\d.E-]+, now 0.5\n");
        assertThat(run("evaluate").out()).doesNotContain("other settings");
    }

    @Test
    void aRunThatWasKilledBeforeScoringGoesOnThere() throws IOException {
        for (String stage : List.of("score", "evaluate")) {
            Files.delete(folder.resolve("run/manifests/" + stage + ".json"));
        }
        Files.createDirectories(folder.resolve("run/checkpoints/epoch-00001"));
        Files.createDirectories(folder.resolve("run/.tmp-score-1234/rankings/test"));
        CommandRun again = run("pipeline");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).containsPattern("train +up to date").containsPattern("score +\\d");
        assertThat(metrics(folder)).isEqualTo(metrics(finished.folder()));
        assertThat(folder.resolve("run/checkpoints")).doesNotExist();
        assertThat(folder.resolve("run/.tmp-score-1234")).doesNotExist();
    }

    @Test
    void rankingsOfAnotherModelAreMadeAnew() throws IOException {
        Path model = folder.resolve("run/model/model.safetensors");
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length - 4] ^= 1;
        Files.write(model, bytes);
        Files.delete(model.resolveSibling("SHA256SUMS"));
        CommandRun evaluate = run("evaluate");
        assertThat(evaluate.exitCode()).isZero();
        assertThat(evaluate.out()).doesNotContain("epoch ").containsPattern("score +[\\d.]+ s");
    }

    @Test
    void aCommandRunsWhatItNeedsFirst() {
        String[] elsewhere = {
            "--override", "work_dir=" + folder.resolve("work2"), "output_dir=" + folder.resolve("run2")
        };
        assertThat(run("encode", elsewhere).out())
                .containsPattern("ingest +[\\d.]+ s")
                .containsPattern("split +[\\d.]+ s")
                .containsPattern("encode +[\\d.]+ s")
                .doesNotContain("candidates");
        CommandRun score = run("score", elsewhere);
        assertThat(score.out())
                .containsPattern("encode +up to date")
                .containsPattern("candidates +[\\d.]+ s")
                .containsPattern("train +[\\d.]+ s")
                .containsPattern("score +[\\d.]+ s");
        assertThat(run("evaluate", elsewhere).out())
                .containsPattern("score +up to date")
                .contains("Test metrics");
    }

    @Test
    void forceIsForTheCommandsOwnWorkAlone() {
        assertThat(run("score", "--force").out())
                .containsPattern("encode +up to date")
                .containsPattern("score +[\\d.]+ s");
    }

    @Test
    void tablesThatWerePreparedElsewhereNeedNoRawFiles() throws IOException {
        FileUtils.deleteDirectory(folder.resolve("raw").toFile());
        CommandRun train = run("train", "--override", "output_dir=" + folder.resolve("again"));
        assertThat(train.exitCode()).isZero();
        assertThat(train.out()).contains("u.data is not here: going on with the tables in ");
        assertThat(run("encode").exitCode()).isEqualTo(Main.EXIT_DATA);
        CommandRun other = run("train", "--override", "data.label_threshold=5");
        assertThat(other.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(other.err()).contains("u.data is not here, and ingest in ", "was made with other settings");
        CommandRun split = run("train", "--override", "data.split_strategy=temporal");
        assertThat(split.err()).contains("u.data is not here, and split in ");
    }

    @Test
    void aDamagedTableIsMadeAnew() throws IOException {
        FileUtils.deleteDirectory(folder.resolve("work/split/train").toFile());
        assertThat(run("encode").out()).containsPattern("ingest +up to date").containsPattern("split +[\\d.]+ s");
    }

    @Test
    void forceRunsAStageAgain() {
        assertThat(run("ingest", "--force").out()).doesNotContain("up to date").contains("84 interactions");
    }

    @Test
    void aChangedRawFileIsReadAgainAndTheOthersAreNot() throws IOException {
        Files.writeString(folder.resolve("raw/u.data"), "1\t1\t5\t880000999\n", StandardOpenOption.APPEND);
        assertThat(run("ingest").out())
                .containsPattern("check +[\\d.]+ s")
                .containsPattern("tables +up to date +12 users, 20 items")
                .containsPattern("ingest +[\\d.]+ s +85 interactions");
    }

    @Test
    void sampleWritesTheShardsOfTheEpochsAskedFor() {
        CommandRun sample = run("sample", "--epochs", "2-3");
        assertThat(sample.exitCode()).isZero();
        assertThat(folder.resolve("work/epochs")).isDirectoryNotContaining("glob:**/epoch-00001");
        assertThat(folder.resolve("work/epochs"))
                .isDirectoryRecursivelyContaining("glob:**/run-*/epoch-00002/shard=0/*.parquet")
                .isDirectoryRecursivelyContaining("glob:**/run-*/epoch-00003/shard=0/*.parquet");
    }

    @Test
    void evaluatingAgainGivesTheSameMetrics() throws IOException {
        assertThat(run("evaluate").exitCode()).isZero();
        assertThat(metrics(folder)).isNotEmpty().isEqualTo(metrics(finished.folder()));
    }

    @Test
    void overridesMayFollowEachOtherOrStandApart() {
        CommandRun run = run(
                "sample",
                "--override",
                "data.num_neg_eval=3",
                "evaluation.candidate_seed=7",
                "--override",
                "work_dir=" + folder.resolve("work"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("1 + 3 items for each of 12");
    }

    @Test
    void negativesMayFollowPopularity() {
        CommandRun run = run("sample", "--override", "data.negatives=popularity", "data.negatives_exponent=1");
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .containsPattern("candidates +[\\d.]+ s +1 \\+ 10 items for each of 12 validation and 12 test");
        assertThat(run("sample", "--override", "data.negatives_exponent=1").out())
                .as("uniform ones have no exponent, and other lists")
                .containsPattern("candidates +[\\d.]+ s ");
        assertThat(run("sample", "--override", "data.negatives_exponent=0.5").out())
                .containsPattern("candidates +up to date");
    }

    @Test
    void trainingStartsFromTheWeightsOfAFile() throws IOException {
        Path weights = folder.resolve("run/model/model.safetensors");
        CommandRun train = run(
                "train",
                "--initial-weights",
                weights.toString(),
                "--override",
                "training.optimizer=sgd",
                "training.lr=1e-30",
                "training.epochs=1",
                "output_dir=" + folder.resolve("again"));
        assertThat(train.exitCode()).isZero();
        var before = TensorFile.read(Files.readAllBytes(weights), "before");
        var after = TensorFile.read(Files.readAllBytes(folder.resolve("again/model/model.safetensors")), "after");
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, tensor) -> {
            if (!name.contains("running_")) {
                assertThat(after.get(name).values()).as(name).containsExactly(tensor.values());
            }
        });
    }

    @Test
    void trainingThatFailsKeepsTheEarlierModel() throws IOException {
        byte[] earlier = Files.readAllBytes(folder.resolve("run/model/model.safetensors"));
        CommandRun train = run("train", "--override", "training.lr=1e30", "training.epochs=2");
        assertThat(train.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(train.err()).contains("training.lr", "1.0E30", "not finite");
        assertThat(folder.resolve("run/model/model.safetensors")).hasBinaryContent(earlier);
        assertThat(folder.resolve("run/model/users")).isNotEmptyDirectory();
    }

    @Test
    void aLaterCommandKeepsTheLogOfTraining() {
        assertThat(run("evaluate").exitCode()).isZero();
        assertThat(folder.resolve("run/train.log")).content().containsPattern("epoch +1 ");
    }

    @Test
    void verboseShowsWhereAnErrorHappened() {
        CommandRun run = run(
                "score", "--verbose", "--checkpoint", folder.resolve("missing").toString());
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(run.err()).contains("error: ", "\tat io.deepfm.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipeline", "tune"})
    @Timeout(60)
    void aRunHasAFolderOfItsOwn(String command) throws IOException {
        Path space = Files.writeString(folder.resolve("space.conf"), "training.lr = [0.01, 0.1]");
        List<String> all = new ArrayList<>(List.of("--override", "output_dir=" + folder + "/work/../work"));
        if (command.equals("tune")) {
            all.addAll(List.of("--space", space.toString()));
        }
        CommandRun run = run(command, all.toArray(String[]::new));
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err()).contains("is also the work_dir", "--override output_dir=FOLDER");
    }

    private CommandRun run(String command, String... options) {
        List<String> all = new ArrayList<>(List.of(command, "--config", config.toString(), "--master", "local[1]"));
        all.addAll(Arrays.asList(options));
        return CommandRun.of(all.toArray(String[]::new));
    }

    /** The lines of the metrics in the results. */
    private static List<String> metrics(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("run/results.json")).stream()
                .filter(line -> line.matches(".*\"(auc|logloss|gauc|HR@|NDCG@|users_ranked).*"))
                .toList();
    }
}
