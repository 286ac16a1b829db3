package io.deepfm.training;

import io.deepfm.inference.FeatureTable;

/**
 * Some training rows.
 *
 * @param userRows each row's user
 * @param itemRows each row's item
 * @param labels 1 or 0
 * @param context the rows' context features
 */
public record Batch(int[] userRows, int[] itemRows, float[] labels, FeatureTable context) {

    /**
     * The number of rows.
     *
     * @return B
     */
    public int size() {
        return labels.length;
    }
}
