package io.deepfm.baseline.matrix;

import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;

/**
 * A matrix of items by items, most of which is zero.
 *
 * @param columns for each row its columns; an empty array for a row of zeros
 * @param values beside each column its value
 */
public record SparseRows(int[][] columns, float[][] values) implements Serializable {

    /**
     * One row.
     *
     * @param row its number
     * @param columns those that are not zero
     * @param values beside each column its value
     */
    public record SparseRow(int row, int[] columns, float[] values) implements Serializable {}

    /**
     * Gathers rows.
     *
     * @param rows those that are not given are zero
     * @param numItems the number of rows
     * @return the matrix
     */
    public static SparseRows gather(JavaRDD<SparseRow> rows, int numItems) {
        int[][] columns = new int[numItems][0];
        float[][] values = new float[numItems][0];
        for (SparseRow row : rows.collect()) {
            columns[row.row()] = row.columns();
            values[row.row()] = row.values();
        }
        return new SparseRows(columns, values);
    }

    /**
     * The number of rows, and of columns.
     *
     * @return at least 0
     */
    public int numItems() {
        return columns.length;
    }
}
