package io.deepfm.training.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deepfm.config.TrainingConfig;

/**
 * Adam, and AdamW where the decay is decoupled.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam, 2015, algorithm 1</a>
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, Decoupled weight decay regularization, 2019,
 *     algorithm 2</a>
 */
public final class Adam extends Optimizer {

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
        public Optimizer create(Settings settings, NDManager manager, long weights) {
            return new Adam(manager, weights, settings.training().weightDecay(), false);
        }
    }

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final NDArray mean;
    private final NDArray variance;
    private final double weightDecay;
    private final boolean decoupled;

    Adam(NDManager manager, long weights, double weightDecay, boolean decoupled) {
        super(manager, weights);
        this.mean = moment("mean");
        this.variance = moment("variance");
        this.weightDecay = weightDecay;
        this.decoupled = decoupled;
    }

    @Override
    protected void update(long step, NDArray weights, NDArray gradients, double learningRate) {
        if (weightDecay > 0 && decoupled) {
            weights.muli((float) (1 - learningRate * weightDecay));
        } else if (weightDecay > 0) {
            gradients.addi(weights.mul((float) weightDecay));
        }
        mean.addi(gradients.sub(mean).muli((float) (1 - BETA1)));
        variance.muli((float) BETA2).addi(gradients.square().muli((float) (1 - BETA2)));
        double bias1 = 1 - Math.pow(BETA1, step);
        double bias2 = Math.sqrt(1 - Math.pow(BETA2, step));
        NDArray denominator = variance.sqrt().divi((float) bias2).addi((float) EPSILON);
        weights.subi(mean.div(denominator).muli((float) (learningRate / bias1)));
    }
}
