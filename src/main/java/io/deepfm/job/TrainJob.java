package io.deepfm.job;

import ai.djl.Device;
import io.deepfm.config.ConfigException;
import io.deepfm.config.ConfigLoader;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.Extension;
import io.deepfm.config.names.WeightedSum;
import io.deepfm.data.EncodeStage;
import io.deepfm.inference.Devices;
import io.deepfm.inference.EngineSettings;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.MachineLoad;
import io.deepfm.job.training.InitialWeights;
import io.deepfm.job.training.SampledEpochs;
import io.deepfm.metrics.Metric;
import io.deepfm.model.Architecture;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.embedding.FeatureConfig;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.report.MetricsCsv;
import io.deepfm.report.Provenance;
import io.deepfm.report.Provenance.TrainingInfo;
import io.deepfm.report.RunDirectory;
import io.deepfm.report.Version;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Checksums;
import io.deepfm.storage.Storage;
import io.deepfm.training.Checkpoints;
import io.deepfm.training.EpochResult;
import io.deepfm.training.Trainer;
import io.deepfm.training.TrainingResult;
import io.deepfm.training.loss.Loss;
import io.deepfm.training.optimizer.OptimizerFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.hadoop.fs.Path;

/** Shards to the best model. */
public final class TrainJob implements Stage {

    private final Session session;
    private final ExperimentConfig config;
    private final Storage storage;
    private final boolean resume;
    private final Optional<Path> initialWeights;
    private final Checkpoints checkpoints;

    /**
     * @param session what to work with
     * @param resume whether to resume an earlier training with the same settings
     * @param initialWeights a safetensors file to start from; without, training starts from the seed's random weights
     */
    public TrainJob(Session session, boolean resume, Optional<Path> initialWeights) {
        this.session = session;
        this.config = session.config();
        this.storage = session.storage();
        this.resume = resume && !session.stages().forces(name());
        this.initialWeights = initialWeights;
        session.work().require("candidates", "sample");
        this.checkpoints = new Checkpoints(storage, session.run().checkpoints(), fingerprint(), config);
    }

    public void train() {
        // The first look at what killed processes left; the second is after the training.
        session.epochs().deleteAbandonedSiblings();
        session.stages().run(session.output(), this, trained -> summary());
        // Here, as a run may be killed between the end of training and this.
        checkpoints.clear();
        if (!config.data().keepEpochs()) {
            session.epochs().delete();
        }
        session.epochs().deleteAbandonedSiblings();
    }

    private void requireNegatives() {
        if (config.data().numNegTrain() > 0 && session.dataset().hasUsersAndItems()) {
            return;
        }
        if (ModelConfig.of(config).heads().count() == 2) {
            throw withoutNegatives(
                    "model.heads = two: the first head tells what users interact with from what they do not",
                    "model.heads = one");
        }
        String loss = config.training().loss();
        if (Loss.registry().get(loss).needsNegatives()) {
            throw withoutNegatives(
                    "training.loss = " + loss + " compares what users interact with and what they do not",
                    "training.loss = binary_cross_entropy");
        }
    }

    private void requireMetric() {
        if (session.dataset().hasUsersAndItems()) {
            return;
        }
        for (WeightedSum.Term term :
                WeightedSum.parse(config.training().metric()).terms()) {
            if (Metric.registry().get(term.name()).needsNegatives()) {
                throw new ConfigException(
                        "training.metric = " + config.training().metric() + ": " + term.name()
                                + " ranks an item among sampled ones, but the dataset has no users and items. Use auc or logloss.");
            }
        }
    }

    private static ConfigException withoutNegatives(String what, String instead) {
        return new ConfigException(what + ", but no negatives are sampled. Use " + instead
                + ", or data.num_neg_train above 0 for a dataset with users and items.");
    }

    @Override
    public String name() {
        return "train";
    }

    @Override
    public List<String> outputs() {
        return List.of(
                session.run().model().getName(), session.run().metricsCsv().getName());
    }

    @Override
    public Map<String, String> inputs() {
        WorkDirectory work = session.work();
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("encode", work.require("encode", "encode").fingerprint());
        inputs.put("candidates", work.require("candidates", "sample").fingerprint());
        inputs.put("epoch-00001", new DataJob(session).epochStage(1).fingerprint());
        inputs.putAll(initialWeights().fingerprints());
        return inputs;
    }

    /** All that the weights depend on, to the bit; so also the number of threads. */
    @Override
    public Fingerprint settings() {
        Fingerprint settings = new Fingerprint()
                .add("seed", config.seed())
                .add("device", config.device())
                .add("threads", threads())
                .add("model", ModelConfig.of(config))
                .add("feature", config.sections().get(FeatureConfig.class))
                .add("training", config.training())
                .add("evaluation", config.ofTraining().evaluation())
                .add("djl", Version.DJL);
        for (Extension<?> extension : extensions()) {
            settings.add(extension.name(), config.ofTraining().settings(extension.settings()))
                    .addExtension(extension.getClass());
        }
        return settings;
    }

    /** What the settings name and perhaps another jar brings. */
    private List<Extension<?>> extensions() {
        List<Extension<?>> extensions = new ArrayList<>(Metric.registry().all());
        extensions.add(Architecture.registry().get(config.modelName()));
        extensions.add(Loss.registry().get(config.training().loss()));
        extensions.add(OptimizerFactory.registry().get(config.training().optimizer()));
        return extensions;
    }

    @Override
    public Map<String, Long> run(Path target) {
        return withTrainer(config.training().epochs(), (trainer, device) -> {
            TrainingResult result = trainer.train(device);
            publish(result, device.getDeviceType(), new RunDirectory(target));
            return Map.of(
                    "epochs",
                    (long) result.epochs().size(),
                    "rows",
                    result.epochs().stream().mapToLong(EpochResult::rows).sum());
        });
    }

    /**
     * Whether the run has the model of this training, which may have stopped early.
     *
     * @return false also where settings or data have changed since
     */
    public boolean isDone() {
        return session.output()
                .manifest(name())
                .filter(manifest -> manifest.fingerprint().equals(fingerprint()))
                .isPresent();
    }

    /**
     * Trains up to an epoch, without a model: a later call, or {@link #train}, goes on from there to the same bits.
     *
     * @param epochs how many epochs there should be in all; fewer where training stops early
     * @return all epochs so far
     */
    public List<EpochResult> advance(int epochs) {
        return withTrainer(epochs, (trainer, device) -> trainer.advance(device, epochs));
    }

    private <T> T withTrainer(int lastEpoch, BiFunction<Trainer, Device, T> course) {
        requireNegatives();
        requireMetric();
        if (!resume) {
            checkpoints.clear();
        }
        // Before this process adds to it.
        MachineLoad load = MachineLoad.now();
        DataJob data = new DataJob(session);
        try (SampledEpochs epochs = new SampledEpochs(
                session.epochs(),
                data.epochSampler(),
                data::epochStage,
                lastEpoch,
                config.data().keepEpochs())) {
            if (checkpoints.isEmpty()) {
                // Spark samples the first epoch while the engine starts.
                epochs.ask(1);
            }
            EngineSettings.start(threads());
            Devices.Choice device = Devices.choose(config.device());
            session.listener()
                    .onDetail(String.format(
                            Locale.ROOT, "%s on %s, %d threads", config.modelName(), device.reason(), threads()));
            if (device.device().equals(Device.cpu()) && config.training().numThreads() == 0) {
                load.advice().ifPresent(session.listener()::onDetail);
            }
            return course.apply(
                    new Trainer(
                            config,
                            storage,
                            inputsOfTrainer(),
                            epochs,
                            checkpoints,
                            new EpochReports(config, session.listener())),
                    device.device());
        }
    }

    private int threads() {
        int threads = config.training().numThreads();
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }

    private Trainer.Inputs inputsOfTrainer() {
        WorkDirectory work = session.work();
        DatasetSchema schema = EncodeStage.schema(work);
        return new Trainer.Inputs(
                schema,
                table(Tables.USERS, schema, FieldGroup.USER),
                table(Tables.ITEMS, schema, FieldGroup.ITEM),
                work.path(Tables.CANDIDATES + "/" + Tables.VALIDATION),
                model -> initialWeights().of(model, session.listener()::onDetail));
    }

    private InitialWeights initialWeights() {
        return new InitialWeights(
                config,
                storage,
                initialWeights,
                session.encodedDataset(),
                session.work().path(EncodeStage.ENCODERS));
    }

    private FeatureTable table(String name, DatasetSchema schema, FieldGroup group) {
        return FeatureTable.read(storage, session.work().path(Tables.ENCODED + "/" + name), schema, group);
    }

    /** Writes the best model, with all that predicting needs of the work directory, and the epochs that led to it. */
    private void publish(TrainingResult result, String device, RunDirectory target) {
        result.model().write(storage, target.model());
        List<String> parts = new ArrayList<>(Tables.ENCODED_PARTS);
        parts.add(Tables.CATALOGUE);
        if (!session.encodedDataset().histories().isEmpty()) {
            parts.add(Tables.HISTORY);
        }
        for (String part : parts) {
            storage.copy(session.work().path(Tables.ENCODED + "/" + part), new Path(target.model(), part));
        }
        storage.write(
                RunDirectory.provenance(target.model()),
                provenance(result, device).toJson());
        Checksums.write(storage, target.model());
        storage.write(target.metricsCsv(), MetricsCsv.of(result.epochs()));
    }

    private Provenance provenance(TrainingResult result, String device) {
        return new Provenance(
                Version.PROGRAM,
                ConfigLoader.toMap(config),
                session.work().require("encode", "encode").fingerprint(),
                TrainingInfo.of(
                        result.bestEpoch(),
                        result.epochs(),
                        result.parameters(),
                        result.embeddingUpdates(),
                        device,
                        threads()));
    }

    private String summary() {
        TrainingInfo info = Provenance.trainingInfo(storage, RunDirectory.provenance(session.model()));
        return String.format(
                Locale.ROOT,
                "best epoch %d of %d; %,.0f samples/s, %.1f %% of the time waiting for data",
                info.bestEpoch(),
                info.totalEpochs(),
                info.samplesPerSecond(),
                100 * info.waitShare());
    }
}
