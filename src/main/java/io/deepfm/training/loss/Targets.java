package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;

/**
 * What B rows' logits should become.
 *
 * @param labels 1 or 0, shape (B)
 * @param observed 1 of an observed interaction, 0 of a sampled negative, shape (B)
 * @param groups makes known which rows belong together; each call brings it to the device anew, as long as the batch is there
 */
public record Targets(NDArray labels, NDArray observed, Supplier<Groups> groups) {}
