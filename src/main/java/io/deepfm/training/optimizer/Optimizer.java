package io.deepfm.training.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * The formula that moves weights by their gradients. What it gathers from step to step, its moments, {@link WeightUpdates}
 * keeps.
 *
 * <p>The formulas are PyTorch's, to the place of epsilon and the order of weight decay, so that a run here and one in
 * PyTorch take the same path; DJL's optimizers differ in both and work on one weight array at a time. Numbers are floats
 * where they meet arrays, as a double would become a float64 tensor, which Apple's MPS device refuses.
 */
public interface Optimizer {

    /**
     * What is gathered from step to step for each weight.
     *
     * @return names, such as {@code mean}
     */
    List<String> moments();

    /**
     * The shape of a moment.
     *
     * @param weights the weights' shape: (N), or rows of embedding tables (R, width)
     * @return the same, or (R, 1) for one number per row
     */
    default Shape momentShape(Shape weights) {
        return weights;
    }

    /**
     * Whether each weight moves by its own gradients and moments alone, whatever stands beside it. Then all weights of a model may come as
     * one array of shape (N), embedding tables too.
     *
     * @return false unless the formula says so
     */
    default boolean isElementwise() {
        return false;
    }

    /**
     * Makes a step.
     *
     * @param step its number, from 1
     * @param weights shape (N), or rows of embedding tables (R, width); to be changed in place
     * @param gradients their gradients, of the same shape; may be changed
     * @param moments in the order of {@link #moments}, zero before the first step; to be changed in place
     * @param learningRate the step's size
     */
    void update(long step, NDArray weights, NDArray gradients, List<NDArray> moments, double learningRate);
}
