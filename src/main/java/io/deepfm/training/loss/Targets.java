package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;

/**
 * What B rows' logits should become.
 *
 * @param labels 1 or 0, shape (B)
 * @param observed 1 of an observed interaction, 0 of a sampled negative, shape (B)
 * @param groups which rows belong together
 */
public record Targets(NDArray labels, NDArray observed, Groups groups) {}
