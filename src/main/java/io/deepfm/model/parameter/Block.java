package io.deepfm.model.parameter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;

/**
 * Weights side by side in one array, which an optimizer moves together.
 *
 * @param name such as {@code dense} or {@code tables.16}
 * @param parameters of which weights it consists, in order
 * @param values shape (N); of embedding tables, which have one width, (R, width)
 */
public record Block(String name, List<Parameter> parameters, NDArray values) {

    /** Makes the engine compute gradients for all weights of the block. */
    public void requireGradients() {
        parameters.forEach(parameter -> parameter.array().setRequiresGradient(true));
    }

    /**
     * Takes the gradients of all weights of the block and sets them to zero.
     *
     * @return a new array of the shape of {@link #values}
     */
    public NDArray takeGradients() {
        NDList gradients = new NDList(parameters.size());
        for (Parameter parameter : parameters) {
            gradients.add(parameter.array().getGradient().reshape(-1));
        }
        NDArray taken = NDArrays.concat(gradients).reshape(values.getShape());
        parameters.forEach(parameter -> JniUtils.zeroGrad((PtNDArray) parameter.array()));
        return taken;
    }
}
