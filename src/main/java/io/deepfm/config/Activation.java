package io.deepfm.config;

/** Element-wise activations. */
public enum Activation {
    RELU,
    LEAKY_RELU,
    GELU,
    TANH,
    IDENTITY
}
