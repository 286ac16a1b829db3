package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;

/** Applies an activation by its configured name. */
public final class Activations {

    private static final float LEAKY_SLOPE = 0.01f;

    private Activations() {}

    /**
     * Applies an activation to each element.
     *
     * @param activation which one; leaky_relu has slope 0.01, gelu is the exact one
     * @param input any shape
     * @return the same shape
     */
    public static NDArray apply(Activation activation, NDArray input) {
        return switch (activation) {
            case RELU -> ai.djl.nn.Activation.relu(input);
            case LEAKY_RELU -> ai.djl.nn.Activation.leakyRelu(input, LEAKY_SLOPE);
            case GELU -> ai.djl.nn.Activation.gelu(input);
            case TANH -> ai.djl.nn.Activation.tanh(input);
            case IDENTITY -> input;
        };
    }
}
