package io.deepfm.baseline.label;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What methods learn from.
 *
 * @param rows {@link #LABEL} (double: 0 or 1) and {@link #FEATURES} (a vector), one row per training row
 * @param numFeatures the vectors' length
 * @param memory the bytes that fitting may take on this machine
 */
public record LabelledRows(Dataset<Row> rows, int numFeatures, long memory) {

    /** The column of labels. */
    public static final String LABEL = "label";

    /** The column of vectors. */
    public static final String FEATURES = "features";
}
