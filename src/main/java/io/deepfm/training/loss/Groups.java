package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;
import io.deepfm.model.embedding.FeatureEmbedding;

/**
 * Which rows of a batch belong together: G groups of an observed interaction and its N sampled negatives. One that has fewer
 * is filled up with its first row.
 *
 * @param rows row numbers, the observed interaction's first, int64, shape (G, 1 + N)
 * @param negatives 1 where there is a negative, shape (G, N)
 */
public record Groups(NDArray rows, NDArray negatives) {

    /** Larger than any logit; taken off where there is no negative, so that it weighs nothing. */
    private static final float FAR = 1e30f;

    /**
     * The logits of the observed interactions.
     *
     * @param logits shape (B)
     * @return shape (G, 1)
     */
    NDArray observed(NDArray logits) {
        return grouped(logits, rows.split(new long[] {1}, 1).get(0));
    }

    /**
     * The logits of their negatives.
     *
     * @param logits shape (B)
     * @return shape (G, N), far below all others where there is no negative
     */
    NDArray sampled(NDArray logits) {
        return grouped(logits, rows.split(new long[] {1}, 1).get(1))
                .add(negatives.sub(1f).mul(FAR));
    }

    private static NDArray grouped(NDArray values, NDArray rows) {
        return FeatureEmbedding.gather(values.expandDims(1), rows).squeeze(-1);
    }
}
