package io.deepfm.data;

import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Tables as folders of Parquet files. */
public final class ParquetTables {

    private ParquetTables() {}

    /**
     * Opens a table.
     *
     * @param spark the session
     * @param path its folder
     * @return its rows
     */
    public static Dataset<Row> read(SparkSession spark, Path path) {
        return spark.read().parquet(path.toString());
    }

    /**
     * Writes a table and counts what was written, which Parquet's footers tell without reading the rows.
     *
     * @param table its rows
     * @param path its folder
     * @return the number of rows
     */
    public static long write(Dataset<Row> table, Path path) {
        table.write().parquet(path.toString());
        return read(table.sparkSession(), path).count();
    }
}
