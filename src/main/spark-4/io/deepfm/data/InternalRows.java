package io.deepfm.data;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Spark's own rows as a dataset, without a copy of each. In Spark 4 the session of Spark's own engine makes it, not that of Spark Connect. */
public final class InternalRows {

    private InternalRows() {}

    /**
     * Makes the dataset.
     *
     * @param spark the session
     * @param rows of the given type
     * @param type the columns
     * @return the same rows
     */
    public static Dataset<Row> toDataset(SparkSession spark, JavaRDD<InternalRow> rows, StructType type) {
        return ((org.apache.spark.sql.classic.SparkSession) spark).internalCreateDataFrame(rows.rdd(), type, false);
    }

    /**
     * A dataset in another session of the same application, whose SQL settings what is made of it has. Its own expressions stay
     * as they are.
     *
     * @param spark the other session
     * @param rows any
     * @return the same rows
     */
    public static Dataset<Row> in(SparkSession spark, Dataset<Row> rows) {
        return org.apache.spark.sql.classic.Dataset.ofRows(
                (org.apache.spark.sql.classic.SparkSession) spark,
                ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed());
    }
}
