package io.deepfm.training.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
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
    protected Optimizer(NDManager manager, long weights) {
        this.manager = manager;
        this.weights = weights;
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

    /**
     * Makes a step.
     *
     * @param step its number, from 1
     * @param weights all weights, shape (N); to be changed in place
     * @param gradients their gradients, shape (N); may be changed
     * @param learningRate the step's size
     */
    protected abstract void update(long step, NDArray weights, NDArray gradients, double learningRate);

    /**
     * Declares what is gathered from step to step and kept in checkpoints.
     *
     * @param name such as {@code velocity}
     * @return shape (N), zero at first
     */
    protected final NDArray moment(String name) {
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
}
