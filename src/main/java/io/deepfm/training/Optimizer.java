package io.deepfm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deepfm.config.TrainingConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Moves all weights by their gradients, in place.
 *
 * <p>The formulas are PyTorch's, to the place of epsilon and the order of weight decay, so that a run here and one in
 * PyTorch take the same path; DJL's optimizers differ in both and work on one weight array at a time. Numbers are floats
 * where they meet arrays, as a double would become a float64 tensor, which Apple's MPS device refuses.
 */
public abstract class Optimizer {

    /**
     * What an optimizer has gathered over its steps.
     *
     * @param steps the number of steps
     * @param moments running means of the gradients or of their squares by name, each of as many numbers as there are
     *     weights
     */
    public record State(long steps, Map<String, float[]> moments) {}

    private final Map<String, NDArray> moments = new LinkedHashMap<>();
    private final NDManager manager;
    private final long weights;
    private long steps;

    /**
     * @param manager owns the moments
     * @param weights the number of weights
     */
    Optimizer(NDManager manager, long weights) {
        this.manager = manager;
        this.weights = weights;
    }

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
    public final void step(NDArray weights, NDArray gradients, double learningRate) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            update(++steps, weights, gradients, learningRate);
        }
    }

    /** Makes the step of a number, counted from 1. */
    abstract void update(long step, NDArray weights, NDArray gradients, double learningRate);

    /** Declares a running mean of shape (N), zero at first. */
    final NDArray moment(String name) {
        NDArray moment = manager.zeros(new Shape(weights));
        moments.put(name, moment);
        return moment;
    }

    /**
     * Copies the state out of the engine.
     *
     * @return with which {@link #restore} goes on
     */
    public final State state() {
        Map<String, float[]> values = new LinkedHashMap<>();
        moments.forEach((name, moment) -> values.put(name, moment.toFloatArray()));
        return new State(steps, values);
    }

    /**
     * Goes on where another optimizer of the same kind was.
     *
     * @param state what its {@link #state} gave
     */
    public final void restore(State state) {
        steps = state.steps();
        moments.forEach((name, moment) -> moment.set(state.moments().get(name)));
    }

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

        Adam(NDManager manager, long weights, double weightDecay, boolean decoupled) {
            super(manager, weights);
            this.mean = moment("mean");
            this.variance = moment("variance");
            this.weightDecay = weightDecay;
            this.decoupled = decoupled;
        }

        @Override
        void update(long step, NDArray weights, NDArray gradients, double learningRate) {
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

    /** Stochastic gradient descent with momentum (Polyak's heavy ball, without dampening). */
    static final class Sgd extends Optimizer {
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
        void update(long step, NDArray weights, NDArray gradients, double learningRate) {
            if (weightDecay > 0) {
                gradients.addi(weights.mul((float) weightDecay));
            }
            velocity.muli((float) momentum).addi(gradients);
            weights.subi(velocity.mul((float) learningRate));
        }
    }
}
