package io.deepfm.model.parameter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;

/**
 * Weights side by side in one array, which an optimizer moves together.
 *
 * <p>In a pass that goes back the array is one leaf, of which the weights are parts: the engine then gathers one gradient,
 * not one for each weight.
 */
public final class Block {

    private final String name;
    private final List<Parameter> parameters;
    private final NDArray values;
    private final NDArray leaf;
    private boolean followed;

    /**
     * @param name such as {@code dense} or {@code tables.16}
     * @param parameters of which weights it consists, in order
     * @param values shape (N); of embedding tables, which have one width, (R, width)
     */
    Block(String name, List<Parameter> parameters, NDArray values) {
        this.name = name;
        this.parameters = parameters;
        this.values = values;
        this.leaf = values.stopGradient();
        leaf.setRequiresGradient(true);
        parameters.forEach(parameter -> parameter.enter(this));
    }

    /**
     * What tells it from the model's other blocks.
     *
     * @return such as {@code dense} or {@code tables.16}
     */
    public String name() {
        return name;
    }

    /**
     * The weights.
     *
     * @return in the order of their values
     */
    public List<Parameter> parameters() {
        return parameters;
    }

    /**
     * The values of all weights.
     *
     * @return shape (N); of embedding tables, which have one width, (R, width)
     */
    public NDArray values() {
        return values;
    }

    /**
     * The values, through which the gradient comes in a pass that goes back.
     *
     * @return shape (N); of embedding tables, which such a pass reads here only, (R, width)
     */
    public NDArray array() {
        return followed ? leaf : values;
    }

    /** Whether a pass goes on that goes back. */
    boolean isFollowed() {
        return followed;
    }

    /**
     * Makes the engine find gradients for all weights of the block in the pass that follows; it must be collecting gradients
     * already. {@link #takeGradients} ends this.
     */
    public void requireGradients() {
        followed = true;
        if (values.getShape().dimension() == 1) {
            long[] cuts =
                    parameters.stream().skip(1).mapToLong(Parameter::start).toArray();
            NDList parts = leaf.split(cuts, 0);
            for (int i = 0; i < parts.size(); i++) {
                parameters.get(i).follow(parts.get(i));
            }
        }
    }

    /**
     * Takes the gradients of all weights of the block and sets them to zero.
     *
     * @return a new array of the shape of {@link #values}
     */
    public NDArray takeGradients() {
        followed = false;
        parameters.forEach(Parameter::unfollow);
        NDArray taken = leaf.getGradient().duplicate();
        JniUtils.zeroGrad((PtNDArray) leaf);
        return taken;
    }
}
