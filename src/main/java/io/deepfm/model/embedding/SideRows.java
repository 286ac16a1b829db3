package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;

/**
 * R rows of one side, embedded.
 *
 * @param side which side
 * @param views the views of its fields alone
 * @param sum the sum of its fields' vectors, shape (R, D); null where a model has no second-order view
 * @param columns all that the embedding made of them, shape (R, C)
 */
public record SideRows(Side side, FeatureViews views, NDArray sum, NDArray columns) {}
