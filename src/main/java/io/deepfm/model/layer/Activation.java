package io.deepfm.model.layer;

/** Element-wise activations. */
public enum Activation {
    RELU,
    LEAKY_RELU,
    GELU,
    TANH,
    IDENTITY
}
