package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What B rows' logits should become.
 *
 * @param labels 1 or 0, shape (B)
 * @param observed 1 of an observed interaction, 0 of a sampled negative, shape (B)
 * @param weights what each row weighs, shape (B); nothing where all weigh 1
 * @param groups makes known which rows belong together; each call brings it to the device anew, as long as the batch is there
 */
public record Targets(NDArray labels, NDArray observed, Optional<NDArray> weights, Supplier<Groups> groups) {

    /** Rows that all weigh 1. */
    public Targets(NDArray labels, NDArray observed, Supplier<Groups> groups) {
        this(labels, observed, Optional.empty(), groups);
    }

    /**
     * What rows lose, as much as each weighs.
     *
     * @param losses shape (B)
     * @return shape (B)
     */
    NDArray weighted(NDArray losses) {
        return weights.map(losses::mul).orElse(losses);
    }
}
