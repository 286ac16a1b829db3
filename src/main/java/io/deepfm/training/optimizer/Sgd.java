package io.deepfm.training.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deepfm.config.TrainingConfig;

/** Stochastic gradient descent with momentum (Polyak's heavy ball, without dampening). */
public final class Sgd extends Optimizer {

    /** {@code weight_decay} and {@code momentum}. */
    public record Settings(TrainingConfig training) {}

    /** {@code training.optimizer = sgd}. */
    public static final class Factory implements OptimizerFactory<Settings> {
        @Override
        public String name() {
            return "sgd";
        }

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public Optimizer create(Settings settings, NDManager manager, long weights) {
            return new Sgd(
                    manager,
                    weights,
                    settings.training().momentum(),
                    settings.training().weightDecay());
        }
    }

    private final NDArray velocity;
    private final double momentum;
    private final double weightDecay;

    Sgd(NDManager manager, long weights, double momentum, double weightDecay) {
        super(manager, weights);
        this.velocity = moment("velocity");
        this.momentum = momentum;
        this.weightDecay = weightDecay;
    }

    @Override
    protected void update(long step, NDArray weights, NDArray gradients, double learningRate) {
        if (weightDecay > 0) {
            gradients.addi(weights.mul((float) weightDecay));
        }
        velocity.muli((float) momentum).addi(gradients);
        weights.subi(velocity.mul((float) learningRate));
    }
}
