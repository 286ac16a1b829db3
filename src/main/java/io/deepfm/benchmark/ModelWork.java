package io.deepfm.benchmark;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.Devices;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.embedding.FeatureConfig;
import io.deepfm.schema.FieldGroup;
import io.deepfm.training.BatchInputs;
import io.deepfm.training.BatchInputs.Prepared;
import io.deepfm.training.Trainer;
import io.deepfm.training.TrainingStep;
import io.deepfm.training.shard.ReadAhead;
import java.util.Map;
import java.util.stream.Stream;

/** Work with a fresh model, on the device that training would choose. */
abstract class ModelWork implements Work {

    private final NDManager manager;
    private final CtrModel model;
    private int position;

    private ModelWork(ExperimentConfig config, Samples samples) {
        manager = Engine.getInstance()
                .newBaseManager(Devices.choose(config.device()).device());
        model = ModelConfig.of(config).create(samples.schema());
        model.parameters()
                .set(
                        manager,
                        model.parameters()
                                .initial(
                                        config.seed(),
                                        config.sections()
                                                .get(FeatureConfig.class)
                                                .initializer()));
    }

    /** Steps of training, over and over the batches, which are prepared ahead as the trainer does it. */
    static Work training(ExperimentConfig config, Samples samples) {
        return new Training(config, samples);
    }

    /** Logits of the candidate lists, over and over. */
    static Work scoring(ExperimentConfig config, Samples samples) {
        return new Scoring(config, samples);
    }

    /** The next of so many batches. */
    final int next(int batches) {
        int next = position;
        position = (position + 1) % batches;
        return next;
    }

    @Override
    public void close() {
        manager.close();
    }

    private static final class Training extends ModelWork {

        private final double rate;
        private final TrainingStep step;
        private final ReadAhead<Prepared> batches;

        Training(ExperimentConfig config, Samples samples) {
            super(config, samples);
            NDManager manager = super.manager;
            rate = config.training().lr();
            step = new TrainingStep(super.model, manager, samples.items().rows(), config);
            BatchInputs inputs =
                    BatchInputs.of(step.embeddingUpdates(), manager, super.model, samples.users(), samples.items());
            batches = new ReadAhead<>(
                    Stream.generate(() ->
                                    samples.batches().get(next(samples.batches().size())))
                            .iterator(),
                    batch -> new Prepared(batch, inputs.prepare(batch)),
                    Trainer.BATCHES_AHEAD,
                    "prepare-batches");
            super.model.seedDropout(config.seed());
        }

        @Override
        public long next() {
            Prepared prepared = batches.next();
            try (NDManager scratch = super.manager.newSubManager()) {
                step.step(prepared.input().toDevice(scratch), prepared.batch().targets(scratch), rate);
            }
            return prepared.batch().rows();
        }

        @Override
        public void await() {
            step.takeLosses();
        }

        @Override
        public void close() {
            batches.close();
            super.close();
        }
    }

    private static final class Scoring extends ModelWork {
        private final Samples samples;
        private final Scorer scorer;

        Scoring(ExperimentConfig config, Samples samples) {
            super(config, samples);
            this.samples = samples;
            Map<FieldGroup, FeatureTable> tables =
                    Map.of(FieldGroup.USER, samples.users(), FieldGroup.ITEM, samples.items());
            scorer = new Scorer(
                    super.manager, super.model, tables, config.evaluation().batchSize());
        }

        @Override
        public long next() {
            return scorer.logits(samples.lists().get(next(samples.lists().size())))
                    .ranking()
                    .length;
        }

        @Override
        public void close() {
            scorer.close();
            super.close();
        }
    }
}
