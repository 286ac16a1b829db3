package io.deepfm.training.optimizer;

import ai.djl.ndarray.NDArray;
import io.deepfm.config.TrainingConfig;
import java.util.List;

/**
 * Adam, and AdamW where the decay is decoupled.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam, 2015, algorithm 1</a>
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, Decoupled weight decay regularization, 2019,
 *     algorithm 2</a>
 */
public final class Adam implements Optimizer {

    /** {@code weight_decay}. */
    public record Settings(TrainingConfig training) {}

    /** {@code training.optimizer = adam}. */
    public static final class Factory implements OptimizerFactory<Settings> {
        @Override
        public String name() {
            return "adam";
        }

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public Optimizer create(Settings settings) {
            return new Adam(settings.training().weightDecay(), false);
        }
    }

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final double weightDecay;
    private final boolean decoupled;

    Adam(double weightDecay, boolean decoupled) {
        this.weightDecay = weightDecay;
        this.decoupled = decoupled;
    }

    @Override
    public List<String> moments() {
        return List.of("mean", "variance");
    }

    @Override
    public boolean isElementwise() {
        return true;
    }

    @Override
    public void update(long step, NDArray weights, NDArray gradients, List<NDArray> moments, double learningRate) {
        NDArray mean = moments.get(0);
        NDArray variance = moments.get(1);
        if (weightDecay > 0 && decoupled) {
            weights.muli((float) (1 - learningRate * weightDecay));
        } else if (weightDecay > 0) {
            gradients.addi(weights.mul((float) weightDecay));
        }
        // What is between is given up at once: the next one then is in memory that the cache still has.
        try (NDArray change = gradients.sub(mean).muli((float) (1 - BETA1))) {
            mean.addi(change);
        }
        variance.muli((float) BETA2).addi(gradients.muli(gradients).muli((float) (1 - BETA2)));
        double bias1 = 1 - Math.pow(BETA1, step);
        double bias2 = Math.sqrt(1 - Math.pow(BETA2, step));
        try (NDArray denominator = variance.sqrt().divi((float) bias2).addi((float) EPSILON);
                NDArray direction = mean.div(denominator).muli((float) (learningRate / bias1))) {
            weights.subi(direction);
        }
    }
}
