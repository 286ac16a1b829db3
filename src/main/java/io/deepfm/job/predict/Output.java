package io.deepfm.job.predict;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Where predictions and recommendations go. */
@FunctionalInterface
public interface Output {

    /**
     * Writes the rows.
     *
     * @param rows the rows, in order
     * @return how many there are
     */
    long write(Dataset<Row> rows);
}
