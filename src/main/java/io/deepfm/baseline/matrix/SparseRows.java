package io.deepfm.baseline;

import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;

/**
 * A matrix of items by items, most of which is zero.
 *
 * @param columns for each row its columns; an empty array for a row of zeros
 * @param values beside each column its value
 */
record SparseRows(int[][] columns, float[][] values) implements Serializable {

    /** One row. */
    record SparseRow(int row, int[] columns, float[] values) implements Serializable {}

    /** Gathers rows; those that are not given are zero. */
    static SparseRows gather(JavaRDD<SparseRow> rows, int numItems) {
        int[][] columns = new int[numItems][0];
        float[][] values = new float[numItems][0];
        for (SparseRow row : rows.collect()) {
            columns[row.row()] = row.columns();
            values[row.row()] = row.values();
        }
        return new SparseRows(columns, values);
    }

    int numItems() {
        return columns.length;
    }
}
