package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.Devices;
import io.deepfm.inference.EngineSettings;
import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Configurations;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import io.deepfm.training.Checkpoints;
import io.deepfm.training.EpochResult;
import io.deepfm.training.EpochShards;
import io.deepfm.training.Trainer;
import io.deepfm.training.TrainingListener;
import io.deepfm.training.TrainingResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training that is stopped and goes on ends as one that was never stopped, to the bit. */
@Tag("proof")
class ResumeIT {

    private static final int EPOCHS = 5;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final String SETTINGS = "fingerprint of the settings";

    @TempDir
    private static Path prepared;

    private static Path shards;

    @TempDir
    private Path folder;

    private final Storage storage = new Storage(new Configuration());
    private final List<String> said = new ArrayList<>();
    private Path checkpoints;

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void prepare() throws IOException {
        Path config = FinishedRun.get().copy(prepared);
        CommandRun sample = CommandRun.of(
                "sample", "--config", config.toString(), "--master", "local[1]", "--epochs", "1-" + EPOCHS);
        assertThat(sample.exitCode()).isZero();
        try (Stream<Path> runs = Files.list(prepared.resolve("work/epochs"))) {
            shards = runs.findFirst().orElseThrow();
        }
    }

    @BeforeEach
    void checkpoints() {
        checkpoints = folder.resolve("checkpoints");
    }

    @ParameterizedTest
    @CsvSource({
        "adam, reduce_on_plateau",
        "adam, cosine",
        "adamw, reduce_on_plateau",
        "adamw, cosine",
        "sgd, reduce_on_plateau",
        "sgd, cosine"
    })
    void stoppedInAnyEpochItEndsAsIfNeverStopped(String optimizer, String scheduler) {
        ExperimentConfig config = config(optimizer, scheduler);
        TrainingResult undisturbed = train(config, SETTINGS, NEVER);
        assertThat(undisturbed.epochs()).hasSize(EPOCHS);
        assertThat(undisturbed.epochs().stream().map(EpochResult::learningRate).distinct())
                .as("a schedule that had something to remember")
                .hasSizeGreaterThan(1);
        for (int stop = 1; stop <= EPOCHS; stop++) {
            storage.delete(hadoop(checkpoints));
            killedIn(config, stop);
            assertEqual(train(config, SETTINGS, NEVER), undisturbed);
        }
    }

    /** What is stored are the averages; what goes on are the weights. */
    @ParameterizedTest
    @CsvSource({"dense", "lazy"})
    void soItDoesWithAveragedWeights(String embeddingUpdates) {
        String updates = "training.embedding_updates=" + embeddingUpdates;
        ExperimentConfig config = config("adam", "reduce_on_plateau", updates, "training.ema_decay=0.9");
        TrainingResult undisturbed = train(config, SETTINGS, NEVER);
        for (int stop = 1; stop <= EPOCHS; stop++) {
            storage.delete(hadoop(checkpoints));
            killedIn(config, stop);
            assertEqual(train(config, SETTINGS, NEVER), undisturbed);
        }
        storage.delete(hadoop(checkpoints));
        TrainingResult notAveraged = train(config("adam", "reduce_on_plateau", updates), SETTINGS, NEVER);
        // The average changes what is evaluated, not the steps.
        assertThat(undisturbed.epochs().get(0).trainLoss())
                .isEqualTo(notAveraged.epochs().get(0).trainLoss());
        assertThat(undisturbed.epochs().get(0).validation())
                .isNotEqualTo(notAveraged.epochs().get(0).validation());
    }

    @Test
    void stoppedInEveryEpochItEndsAsIfNeverStopped() {
        ExperimentConfig config = config("adam", "reduce_on_plateau");
        TrainingResult undisturbed = train(config, SETTINGS, NEVER);
        storage.delete(hadoop(checkpoints));
        for (int stop = 1; stop <= EPOCHS; stop++) {
            killedIn(config, stop);
        }
        assertEqual(train(config, SETTINGS, NEVER), undisturbed);
        assertThat(said).contains("resuming after epoch 1", "resuming after epoch " + (EPOCHS - 1));
    }

    @Test
    void aTrainingThatIsOverIsNotDoneAgain() {
        ExperimentConfig config = config("adam", "cosine");
        TrainingResult first = train(config, SETTINGS, NEVER);
        assertEqual(train(config, SETTINGS, 1), first);
    }

    @Test
    void onlyTheNewestStateAndTheBestAreKept() throws IOException {
        Files.createDirectories(checkpoints.resolve(".tmp-epoch-00001-of-a-killed-run"));
        TrainingResult result = train(config("adam", "cosine"), SETTINGS, NEVER);
        assertThat(result.bestEpoch()).as("for this test to mean something").isLessThan(EPOCHS);
        try (Stream<Path> left = Files.list(checkpoints)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "epoch-%05d".formatted(result.bestEpoch()), "epoch-%05d".formatted(EPOCHS));
        }
    }

    @Test
    void withOtherSettingsItBeginsAnewAndSaysWhy() {
        ExperimentConfig config = config("adam", "cosine");
        TrainingResult undisturbed = train(config, SETTINGS, NEVER);
        storage.delete(hadoop(checkpoints));
        killedIn(config, 3);
        assertEqual(train(config, "another fingerprint", NEVER), undisturbed);
        assertThat(said)
                .contains("checkpoint epoch-00002 is skipped: it was written with other settings, other data or another"
                        + " version of the program")
                .doesNotContain("resuming after epoch 2");
    }

    @Test
    void theSettingsThatDifferAreNamed() {
        killedIn(config("adam", "cosine"), 3);
        train(config("adam", "cosine", "training.lr=0.01"), "another fingerprint", NEVER);
        assertThat(said)
                .contains("checkpoint epoch-00002 is skipped: it was written with other settings: training.lr = 0.02,"
                        + " now 0.01");
    }

    @ParameterizedTest
    @CsvSource({"truncated", "empty", "not a number", "gone"})
    void aDamagedStateIsPassedOverAndTheResultIsStillTheSame(String damage) throws IOException {
        ExperimentConfig config = config("adam", "reduce_on_plateau");
        TrainingResult undisturbed = train(config, SETTINGS, NEVER);
        storage.delete(hadoop(checkpoints));
        killedIn(config, EPOCHS);
        damage(checkpoints.resolve("epoch-%05d/state.safetensors".formatted(EPOCHS - 1)), damage);
        assertEqual(train(config, SETTINGS, NEVER), undisturbed);
        assertThat(said)
                .anyMatch(line -> line.startsWith("checkpoint epoch-%05d is skipped".formatted(EPOCHS - 1))
                        && line.contains("state.safetensors"));
    }

    @ParameterizedTest
    @CsvSource({"null", "{}", "{ \"epochs\" : [] }", "half a li"})
    void aDamagedDescriptionIsPassedOverToo(String content) throws IOException {
        ExperimentConfig config = config("sgd", "cosine");
        TrainingResult undisturbed = train(config, SETTINGS, NEVER);
        storage.delete(hadoop(checkpoints));
        killedIn(config, 2);
        Files.writeString(checkpoints.resolve("epoch-00001/checkpoint.json"), content);
        assertEqual(train(config, SETTINGS, NEVER), undisturbed);
        assertThat(said)
                .anyMatch(line ->
                        line.startsWith("checkpoint epoch-00001 is skipped") && line.contains("checkpoint.json"));
    }

    private static void damage(Path file, String how) throws IOException {
        UnaryOperator<byte[]> change =
                switch (how) {
                    case "truncated" -> bytes -> Arrays.copyOf(bytes, bytes.length - 4);
                    case "empty" -> bytes -> new byte[0];
                    case "not a number" ->
                        bytes -> ByteBuffer.wrap(bytes)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putFloat(bytes.length - 4, Float.NaN)
                                .array();
                    default -> null;
                };
        if (change == null) {
            Files.delete(file);
        } else {
            Files.write(file, change.apply(Files.readAllBytes(file)));
        }
    }

    private static void assertEqual(TrainingResult result, TrainingResult undisturbed) {
        assertThat(result.model().fingerprint()).isEqualTo(undisturbed.model().fingerprint());
        assertThat(result.bestEpoch()).isEqualTo(undisturbed.bestEpoch());
        assertThat(result.epochs())
                .usingRecursiveComparison()
                .ignoringFields("trainSeconds", "waitSeconds", "validationSeconds")
                .isEqualTo(undisturbed.epochs());
    }

    private void killedIn(ExperimentConfig config, int epoch) {
        assertThatThrownBy(() -> train(config, SETTINGS, epoch)).isInstanceOf(Killed.class);
    }

    /** Trains; an exception stops it at the end of an epoch's rows, before that epoch's state is stored. */
    private TrainingResult train(ExperimentConfig config, String fingerprint, int killedIn) {
        DatasetSchema schema = DatasetSchema.fromJson(storage.readString(work("schema.json")));
        Trainer.Inputs inputs = new Trainer.Inputs(
                schema,
                FeatureTable.read(storage, work(Tables.ENCODED + "/users"), schema, FieldGroup.USER),
                FeatureTable.read(storage, work(Tables.ENCODED + "/items"), schema, FieldGroup.ITEM),
                work(Tables.CANDIDATES + "/validation"),
                model -> model.parameters().initial(config.seed(), Initializer.XAVIER_UNIFORM));
        EngineSettings.start(1);
        return new Trainer(
                        config,
                        storage,
                        inputs,
                        new KeptShards(),
                        new Checkpoints(storage, hadoop(checkpoints), fingerprint, config),
                        new Killer(killedIn))
                .train(Devices.choose(config.device()).device());
    }

    private static ExperimentConfig config(String optimizer, String scheduler, String... others) {
        List<String> overrides = new ArrayList<>(List.of(
                "device=cpu",
                "dnn.hidden_units=[8, 4]",
                "dnn.use_batch_norm=true",
                "data.num_neg_eval=10",
                "training.batch_size=16",
                "training.num_threads=1",
                "training.lr=0.02",
                "training.weight_decay=0.01",
                "training.scheduler_patience=0",
                "training.early_stopping_patience=" + EPOCHS,
                "training.epochs=" + EPOCHS,
                "training.optimizer=" + optimizer,
                "training.scheduler=" + scheduler));
        overrides.addAll(List.of(others));
        return Configurations.defaults(overrides.toArray(String[]::new));
    }

    private static org.apache.hadoop.fs.Path work(String entry) {
        return hadoop(prepared.resolve("work").resolve(entry));
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toString());
    }

    private static final class KeptShards implements EpochShards {
        @Override
        public org.apache.hadoop.fs.Path shards(int epoch) {
            return hadoop(shards.resolve("epoch-%05d".formatted(epoch)));
        }

        @Override
        public void consumed(int epoch) {}
    }

    private final class Killer implements TrainingListener {
        private final int fatalEpoch;

        Killer(int fatalEpoch) {
            this.fatalEpoch = fatalEpoch;
        }

        @Override
        public void onStart(String what) {
            said.add(what);
        }

        @Override
        public void onRows(int epoch, long done, long rows, double loss) {
            if (epoch == fatalEpoch && done > 0) {
                throw new Killed();
            }
        }

        @Override
        public void onEpoch(EpochResult result) {}
    }
}
