package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import io.deepfm.model.layer.LayerInput;

/**
 * The views of a batch that models are made of; null where a model does not ask for one.
 *
 * @param firstOrder the linear term {@code <w, x>} of each head, shape (B, H)
 * @param secondOrder the factorization machine's term, the sum of the dot products of all pairs of fields,
 *     of each head, shape (B, H)
 * @param fields one vector per embedded field, in a common dimension, shape (B, F, D)
 * @param flat the fields' own vectors side by side, before projection, B rows of the total embedding dim
 */
public record FeatureViews(NDArray firstOrder, NDArray secondOrder, NDArray fields, LayerInput flat) {

    /** A view that a model may ask for besides the linear term. */
    public enum View {
        SECOND_ORDER,
        FIELDS,
        FLAT
    }
}
