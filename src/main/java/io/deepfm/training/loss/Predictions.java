package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;

/**
 * What a loss compares, of a batch of B rows.
 *
 * @param logits the model's output, shape (B)
 * @param labels 1 or 0, shape (B)
 * @param groups makes known which rows belong together; each call brings it to the device anew, as long as the batch is there
 * @param items the number of items that negatives are sampled from
 */
public record Predictions(NDArray logits, NDArray labels, Supplier<Groups> groups, int items) {}
