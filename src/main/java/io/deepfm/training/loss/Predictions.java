package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;

/**
 * What a loss compares, of a batch of B rows.
 *
 * @param logits the model's output, shape (B)
 * @param labels 1 or 0, shape (B)
 */
public record Predictions(NDArray logits, NDArray labels) {}
