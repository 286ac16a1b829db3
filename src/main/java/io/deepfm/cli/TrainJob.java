package io.deepfm.cli;

import io.deepfm.config.ConfigLoader;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.EncodeStage;
import io.deepfm.data.SavedDataset;
import io.deepfm.model.CtrModel;
import io.deepfm.model.Devices;
import io.deepfm.model.EngineSettings;
import io.deepfm.model.FeatureTable;
import io.deepfm.model.Safetensors;
import io.deepfm.model.SavedModel;
import io.deepfm.report.MetricsCsv;
import io.deepfm.report.Results;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.storage.Checksums;
import io.deepfm.storage.RunDirectory;
import io.deepfm.storage.Storage;
import io.deepfm.storage.Tables;
import io.deepfm.storage.WorkDirectory;
import io.deepfm.training.EpochResult;
import io.deepfm.training.Trainer;
import io.deepfm.training.TrainingListener;
import io.deepfm.training.TrainingResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;

/** Shards to the best model. */
final class TrainJob {

    private final Session session;
    private final ExperimentConfig config;
    private final Function<CtrModel, Map<String, float[]>> initialWeights;

    /** A training that starts from the seed's random weights. */
    TrainJob(Session session) {
        this(session, model -> model.parameters().initial(session.config().seed()));
    }

    /** A training that starts from the weights in a safetensors file. */
    TrainJob(Session session, Path weights) {
        this(
                session,
                model -> SavedModel.checkedValues(
                        model,
                        Safetensors.read(session.storage().readBytes(weights), weights.toString()),
                        weights.toString()));
    }

    private TrainJob(Session session, Function<CtrModel, Map<String, float[]>> initialWeights) {
        this.session = session;
        this.config = session.config();
        this.initialWeights = initialWeights;
    }

    void train() {
        WorkDirectory work = session.work();
        work.require("encode", "encode");
        work.require("candidates", "sample");
        Storage storage = session.storage();
        DatasetSchema schema = EncodeStage.schema(work);
        int threads = config.training().numThreads() > 0
                ? config.training().numThreads()
                : Runtime.getRuntime().availableProcessors();
        long start = System.nanoTime();
        EngineSettings.start(threads);
        Devices.Choice device = Devices.choose(config.device());
        session.console()
                .detail(String.format(
                        Locale.ROOT, "%s on %s, %d threads", config.modelName(), device.reason(), threads));
        Trainer.Inputs inputs = new Trainer.Inputs(
                schema,
                table(Tables.USERS, Tables.USER_ROW, schema, FieldGroup.USER),
                table(Tables.ITEMS, Tables.ITEM_ROW, schema, FieldGroup.ITEM),
                work.path(Tables.CANDIDATES + "/" + Tables.VALIDATION),
                initialWeights);
        storage.delete(session.run().checkpoints());
        DataJob data = new DataJob(session);
        try (SampledEpochs epochs = new SampledEpochs(
                session.epochs(),
                data::epochStage,
                config.training().epochs(),
                config.data().keepEpochs())) {
            TrainingResult result = new Trainer(config, storage, inputs, epochs, new Progress()).train(device.device());
            double seconds = (System.nanoTime() - start) / 1e9;
            session.time("train", seconds);
            publish(Results.json(provenance(result, device.device().getDeviceType(), threads, seconds)));
            report(result, seconds);
        }
        if (!config.data().keepEpochs()) {
            session.epochs().delete();
        }
    }

    /** Puts the best model in the place of the run's last, with all that predicting needs of the work directory. */
    private void publish(String provenance) {
        Storage storage = session.storage();
        Path folder = Storage.temporary(session.run().model());
        SavedModel.read(storage, session.run().checkpoints()).write(storage, folder);
        for (String part : SavedDataset.PARTS) {
            storage.copy(session.work().path(Tables.ENCODED + "/" + part), new Path(folder, part));
        }
        storage.write(RunDirectory.provenance(folder), provenance);
        Checksums.write(storage, folder);
        storage.move(folder, session.run().model());
        storage.delete(session.run().checkpoints());
    }

    private FeatureTable table(String name, String rowColumn, DatasetSchema schema, FieldGroup group) {
        return FeatureTable.read(
                session.storage(), session.work().path(Tables.ENCODED + "/" + name), rowColumn, schema, group);
    }

    private void report(TrainingResult result, double seconds) {
        session.console()
                .stage(
                        "train",
                        String.format(
                                Locale.ROOT,
                                "best epoch %d of %d; %,.0f samples/s, %.1f %% of the time waiting for data",
                                result.bestEpoch(),
                                result.epochs().size(),
                                samplesPerSecond(result.epochs()),
                                100 * waitShare(result.epochs())),
                        seconds,
                        false);
    }

    private Map<String, Object> provenance(TrainingResult result, String device, int threads, double seconds) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("best_epoch", result.bestEpoch());
        info.put("total_epochs", result.epochs().size());
        info.put("parameters", result.parameters());
        info.put("device", device);
        info.put("threads", threads);
        info.put("seconds", seconds);
        info.put("samples_per_second", samplesPerSecond(result.epochs()));
        info.put("wait_share", waitShare(result.epochs()));
        info.put(
                "wait_share_after_first_epoch",
                waitShare(result.epochs().subList(1, result.epochs().size())));
        Map<String, Object> provenance = new LinkedHashMap<>();
        provenance.put("version", Version.PROGRAM);
        provenance.put("config", Results.parse(ConfigLoader.toJson(config), "the configuration"));
        provenance.put(
                "encode_fingerprint", session.work().require("encode", "encode").fingerprint());
        provenance.put("training_info", info);
        return provenance;
    }

    private static double samplesPerSecond(List<EpochResult> epochs) {
        return epochs.stream().mapToLong(EpochResult::rows).sum()
                / epochs.stream().mapToDouble(EpochResult::trainSeconds).sum();
    }

    private static double waitShare(List<EpochResult> epochs) {
        double seconds = epochs.stream().mapToDouble(EpochResult::trainSeconds).sum();
        return seconds == 0
                ? 0
                : epochs.stream().mapToDouble(EpochResult::waitSeconds).sum() / seconds;
    }

    /** Tells the console of each epoch and stores the best model. */
    private final class Progress implements TrainingListener {
        private final List<EpochResult> epochs = new ArrayList<>();

        @Override
        public void onRows(int epoch, long done, long rows) {
            session.console().progress("epoch " + epoch, done, rows);
        }

        @Override
        public void onEpoch(EpochResult result) {
            epochs.add(result);
            session.storage().write(session.run().metricsCsv(), MetricsCsv.of(epochs));
            session.console()
                    .detail(String.format(
                            Locale.ROOT,
                            "epoch %2d  lr %.1e  loss %.4f  val auc %.4f  logloss %.4f  %5.1f s %s",
                            result.epoch(),
                            result.learningRate(),
                            result.trainLoss(),
                            result.validation().get("auc"),
                            result.validation().get("logloss"),
                            result.trainSeconds() + result.validationSeconds(),
                            result.best() ? "*" : ""));
        }

        @Override
        public void onBest(SavedModel model) {
            model.write(session.storage(), session.run().checkpoints());
        }
    }
}
