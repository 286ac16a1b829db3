package io.deepfm.training.optimizer;

import ai.djl.ndarray.NDArray;
import io.deepfm.config.TrainingConfig;
import java.util.List;

/** Stochastic gradient descent with momentum (Polyak's heavy ball, without dampening). */
public final class Sgd implements Optimizer {

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
        public Optimizer create(Settings settings) {
            return new Sgd(settings.training().momentum(), settings.training().weightDecay());
        }
    }

    private final double momentum;
    private final double weightDecay;

    Sgd(double momentum, double weightDecay) {
        this.momentum = momentum;
        this.weightDecay = weightDecay;
    }

    @Override
    public List<String> moments() {
        return List.of("velocity");
    }

    @Override
    public boolean isElementwise() {
        return true;
    }

    @Override
    public void update(long step, NDArray weights, NDArray gradients, List<NDArray> moments, double learningRate) {
        NDArray velocity = moments.get(0);
        if (weightDecay > 0) {
            gradients.addi(weights.mul((float) weightDecay));
        }
        velocity.muli((float) momentum).addi(gradients);
        weights.subi(velocity.mul((float) learningRate));
    }
}
