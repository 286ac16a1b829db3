package io.deepfm.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.deepfm.config.ConfigException;
import io.deepfm.config.EmbeddingUpdates;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.random.Seed;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.metrics.MonitoredMetric;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.io.SavedModel;
import io.deepfm.model.parameter.Parameters;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.SizeLimits;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.training.BatchInputs.Prepared;
import io.deepfm.training.schedule.EarlyStopping;
import io.deepfm.training.schedule.LearningRate;
import io.deepfm.training.shard.Batch;
import io.deepfm.training.shard.ReadAhead;
import io.deepfm.training.shard.ShardReader;
import io.deepfm.training.validation.LikeWeights;
import io.deepfm.training.validation.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;

/**
 * Trains a model on one machine until the validation metric stops improving.
 *
 * <p>Same rows, settings and number of threads give the same weights to the bit: initial values, dropout and the order
 * of rows are functions of the seed. That holds, too, if the training is stopped and another goes on from its
 * checkpoints.
 */
public final class Trainer {

    private static final long DROPOUT = 1;
    /** So many batches are prepared in the background while one is learned from. */
    public static final int BATCHES_AHEAD = 4;

    /** Each time the losses are taken, the device is waited for. */
    private static final int ROWS_BETWEEN_LOSSES = 20_000;

    /**
     * What the trainer reads besides the epochs.
     *
     * @param schema the fields
     * @param users the users' encoded features
     * @param items the items' encoded features
     * @param validation the folder of the validation split's candidate lists
     * @param initialWeights the values that training starts from, by name, of a model without any
     */
    public record Inputs(
            DatasetSchema schema,
            FeatureTable users,
            FeatureTable items,
            Path validation,
            Function<CtrModel, Map<String, Tensor>> initialWeights) {}

    private final ExperimentConfig config;
    private final Storage storage;
    private final Inputs inputs;
    private final EpochShards epochs;
    private final Checkpoints checkpoints;
    private final TrainingListener listener;
    private final MonitoredMetric monitored;

    /**
     * @param config all settings
     * @param storage the file systems
     * @param inputs tables and candidates
     * @param epochs where each epoch's rows come from
     * @param checkpoints where each epoch leaves its state, and from the newest of which training goes on
     * @param listener hears of the progress
     * @throws io.deepfm.config.ConfigException if {@code training.metric} names no metric
     */
    public Trainer(
            ExperimentConfig config,
            Storage storage,
            Inputs inputs,
            EpochShards epochs,
            Checkpoints checkpoints,
            TrainingListener listener) {
        this.config = config;
        this.storage = storage;
        this.inputs = inputs;
        this.epochs = epochs;
        this.checkpoints = checkpoints;
        this.listener = listener;
        this.monitored = MonitoredMetric.of(config);
    }

    /**
     * Trains to the end.
     *
     * @param device where
     * @return how it went, with the best epoch's model
     * @throws ConfigException if the model has too many weights
     * @throws DataException if the loss or the monitored metric is not finite
     * @throws CancellationException if the thread was interrupted
     */
    public TrainingResult train(Device device) {
        return train(device, loop -> {
            loop.run(config.training().epochs());
            return loop.result();
        });
    }

    /**
     * Trains up to an epoch, and leaves a checkpoint from which training goes on as if it had not stopped.
     *
     * @param device where
     * @param epochs how many epochs there should be in all; fewer where training stops early
     * @return how it went, from the first epoch on
     * @throws ConfigException as {@link #train} does, which holds for the others as well
     */
    public List<EpochResult> advance(Device device, int epochs) {
        return train(device, loop -> loop.run(Math.min(epochs, config.training().epochs())));
    }

    private <T> T train(Device device, Function<Loop, T> course) {
        Validation validation = new Validation(
                config,
                storage,
                inputs.validation(),
                inputs.schema(),
                inputs.items().rows());
        try (NDManager manager = Engine.getInstance().newBaseManager(device)) {
            CtrModel model = ModelConfig.of(config).create(inputs.schema());
            requireSize(model.parameters().count());
            Optional<TrainingState> reached = checkpoints.newest(listener::onStart);
            model.parameters()
                    .set(
                            manager,
                            reached.map(state -> SavedModel.checkedValues(model, state.weights(), "in the checkpoint"))
                                    .orElseGet(() -> inputs.initialWeights().apply(model)));
            TrainingStep step = new TrainingStep(model, manager, inputs.items().rows(), config);
            tellUpdates(model.parameters(), step.embeddingUpdates());
            Loop loop = new Loop(
                    manager,
                    model,
                    step,
                    BatchInputs.of(step.embeddingUpdates(), manager, model, inputs.users(), inputs.items()),
                    validation);
            reached.ifPresent(loop::resume);
            return course.apply(loop);
        }
    }

    private static void requireSize(long weights) {
        SizeLimits limits = SizeLimits.ofThisMachine();
        if (weights > limits.weights()) {
            throw new ConfigException(String.format(
                    Locale.ROOT,
                    "The model has %,d weights, but this machine's memory holds %,d at most. Give the features of the largest"
                            + " vocabularies a higher min_frequency, fewer hash_buckets or a smaller embedding_dim, or the"
                            + " model fewer layers.",
                    weights,
                    limits.weights()));
        }
    }

    private void tellUpdates(Parameters parameters, EmbeddingUpdates updates) {
        listener.onStart(String.format(
                Locale.ROOT,
                "%,d weights, %,d of them in embedding tables: %s updates",
                parameters.count(),
                parameters.tableCount(),
                updates.name().toLowerCase(Locale.ROOT)));
    }

    /** The state of one training. */
    private final class Loop {
        private final NDManager manager;
        private final CtrModel model;
        private final TrainingStep step;
        private final BatchInputs batchInputs;
        private final Validation validation;
        private final LearningRate learningRate = LearningRate.create(config.training(), monitored);
        private final EarlyStopping stopping =
                new EarlyStopping(monitored, config.training().earlyStoppingPatience());
        private final List<EpochResult> results = new ArrayList<>();

        Loop(NDManager manager, CtrModel model, TrainingStep step, BatchInputs batchInputs, Validation validation) {
            this.manager = manager;
            this.model = model;
            this.step = step;
            this.batchInputs = batchInputs;
            this.validation = validation;
        }

        /** Restores the state after an epoch; the model already has its weights. */
        void resume(TrainingState state) {
            listener.onResume(state.epoch());
            step.updates().restore(state.updates());
            step.updates().exchangeAverage();
            for (EpochResult result : state.epochs()) {
                results.add(result);
                stopping.epochEnded(result.epoch(), watched(result.validation()));
                learningRate.epochEnded(watched(result.validation()));
            }
        }

        /** Trains up to an epoch; results of all epochs so far. */
        List<EpochResult> run(int last) {
            for (int epoch = results.size() + 1; epoch <= last && !stopping.shouldStop(); epoch++) {
                EpochResult result = epoch(epoch);
                results.add(result);
                checkpoints.write(new TrainingState(
                        results, model.parameters().values(), step.updates().state()));
                step.updates().exchangeAverage();
                epochs.consumed(epoch);
                listener.onEpoch(result);
            }
            return List.copyOf(results);
        }

        /** With the weights of the best epoch so far. */
        TrainingResult result() {
            SavedModel best = SavedModel.of(
                    ModelConfig.of(config),
                    inputs.schema(),
                    checkpoints.read(stopping.bestEpoch()).weights());
            return new TrainingResult(
                    stopping.bestEpoch(),
                    results,
                    model.parameters().count(),
                    step.embeddingUpdates(),
                    new LikeWeights(
                                    validation,
                                    monitored,
                                    tables(),
                                    config.evaluation().batchSize())
                            .chosen(best, manager));
        }

        /** Leaves the model with the weights that were validated. */
        private EpochResult epoch(int epoch) {
            double rate = learningRate.current();
            long start = System.nanoTime();
            ShardReader reader = new ShardReader(
                    storage,
                    epochs.shards(epoch),
                    inputs.schema(),
                    new ShardReader.Tables(inputs.users().rows(), inputs.items().rows()),
                    config.training().batchSize());
            long waited = System.nanoTime() - start;
            model.seedDropout(Seed.of(config.seed(), DROPOUT, epoch));
            double loss = 0;
            double meanLoss = Double.NaN;
            listener.onRows(epoch, 0, reader.rows(), meanLoss);
            long done = 0;
            // What a step needs of a batch besides the device is best computed by the reader: in the background.
            Function<Batch, Prepared> prepare = batch -> new Prepared(batch, batchInputs.prepare(batch));
            try (ReadAhead<Prepared> batches = new ReadAhead<>(reader, prepare, BATCHES_AHEAD, "read-shards")) {
                while (done < reader.rows()) {
                    long before = System.nanoTime();
                    Prepared batch = batches.next();
                    waited += System.nanoTime() - before;
                    if (Thread.currentThread().isInterrupted()) {
                        throw new CancellationException("Training was interrupted in epoch " + epoch);
                    }
                    step(batch, rate);
                    long taken = done / ROWS_BETWEEN_LOSSES;
                    done += batch.batch().rows();
                    if (done / ROWS_BETWEEN_LOSSES > taken || done == reader.rows()) {
                        loss += step.takeLosses();
                        meanLoss = loss / done;
                    }
                    listener.onRows(epoch, done, reader.rows(), meanLoss);
                }
            }
            long trained = System.nanoTime();
            step.updates().exchangeAverage();
            Map<String, Double> metrics = validate();
            double watched = watched(metrics);
            refuseNotFinite(epoch, loss, watched);
            boolean best = stopping.epochEnded(epoch, watched);
            learningRate.epochEnded(watched);
            return new EpochResult(
                    epoch,
                    rate,
                    loss / done,
                    metrics,
                    best,
                    done,
                    (trained - start) / 1e9,
                    waited / 1e9,
                    (System.nanoTime() - trained) / 1e9);
        }

        private void step(Prepared batch, double rate) {
            try (NDManager scratch = manager.newSubManager()) {
                step.step(batch.input().toDevice(scratch), batch.batch().targets(scratch), rate);
            }
        }

        private Map<String, Double> validate() {
            try (Scorer scorer =
                    new Scorer(manager, model, tables(), config.evaluation().batchSize())) {
                return validation.metrics(scorer);
            }
        }
    }

    private Map<FieldGroup, FeatureTable> tables() {
        return Map.of(FieldGroup.USER, inputs.users(), FieldGroup.ITEM, inputs.items());
    }

    private double watched(Map<String, Double> validation) {
        return monitored.of(validation);
    }

    private void refuseNotFinite(int epoch, double loss, double watched) {
        if (!Double.isFinite(loss)) {
            throw new DataException("The training loss of epoch " + epoch
                    + " is not finite: training diverged. Try a smaller training.lr" + " (it is "
                    + config.training().lr() + ") or a gradient_clip_norm.");
        }
        if (Double.isNaN(watched)) {
            throw new DataException("The validation " + monitored.name() + " of epoch " + epoch
                    + " is undefined: all held-out interactions have the same label. Use training.metric = logloss.");
        }
    }
}
