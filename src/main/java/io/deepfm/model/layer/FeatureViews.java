package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;

/**
 * The three views of a batch that all models share.
 *
 * @param firstOrder the linear term {@code <w, x>}, shape (B, 1)
 * @param fields one vector per embedded field, in a common dimension, shape (B, F, D); null where there is none
 * @param flat the fields' own vectors side by side, before projection, shape (B, total embedding dim)
 */
public record FeatureViews(NDArray firstOrder, NDArray fields, NDArray flat) {}
