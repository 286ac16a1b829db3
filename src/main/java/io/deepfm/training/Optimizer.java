package io.deepfm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deepfm.config.TrainingConfig;

/**
 * Moves all weights by their gradients, in place.
 *
 * <p>The formulas are PyTorch's, to the place of epsilon and the order of weight decay, so that a run here and one in
 * PyTorch take the same path; DJL's optimizers differ in both and work on one weight array at a time. Numbers are floats
 * where they meet arrays, as a double would become a float64 tensor, which Apple's MPS device refuses.
 */
public abstract class Optimizer {

    /** Creates the one that the settings name. */
    static Optimizer create(TrainingConfig config, NDManager manager, long weights) {
        return switch (config.optimizer()) {
            case ADAM -> new Adam(manager, weights, config.weightDecay(), false);
            case ADAMW -> new Adam(manager, weights, config.weightDecay(), true);
            case SGD -> new Sgd(manager, weights, config.momentum(), config.weightDecay());
        };
    }

    /**
     * Makes one step.
     *
     * @param weights all weights, shape (N); changed
     * @param gradients their gradients, shape (N); changed
     * @param learningRate the step's size
     */
    public abstract void step(NDArray weights, NDArray gradients, double learningRate);

    /**
     * Adam, and AdamW where the decay is decoupled.
     *
     * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, Adam, 2015, algorithm 1</a>
     * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, Decoupled weight decay regularization, 2019,
     *     algorithm 2</a>
     */
    static final class Adam extends Optimizer {
        private static final double BETA1 = 0.9;
        private static final double BETA2 = 0.999;
        private static final double EPSILON = 1e-8;

        private final NDArray mean;
        private final NDArray variance;
        private final double weightDecay;
        private final boolean decoupled;
        private long step;

        Adam(NDManager manager, long weights, double weightDecay, boolean decoupled) {
            this.mean = manager.zeros(new Shape(weights));
            this.variance = manager.zeros(new Shape(weights));
            this.weightDecay = weightDecay;
            this.decoupled = decoupled;
        }

        @Override
        public void step(NDArray weights, NDArray gradients, double learningRate) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                step++;
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
    }

    /** Stochastic gradient descent with momentum (Polyak's heavy ball, without dampening). */
    static final class Sgd extends Optimizer {
        private final NDArray velocity;
        private final double momentum;
        private final double weightDecay;

        Sgd(NDManager manager, long weights, double momentum, double weightDecay) {
            this.velocity = manager.zeros(new Shape(weights));
            this.momentum = momentum;
            this.weightDecay = weightDecay;
        }

        @Override
        public void step(NDArray weights, NDArray gradients, double learningRate) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                if (weightDecay > 0) {
                    gradients.addi(weights.mul((float) weightDecay));
                }
                velocity.muli((float) momentum).addi(gradients);
                weights.subi(velocity.mul((float) learningRate));
            }
        }
    }
}
