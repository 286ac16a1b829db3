package io.deepfm.storage.parquet;

import io.deepfm.storage.Storage;
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
     * Writes a table and counts what was written.
     *
     * @param table its rows
     * @param path its folder
     * @return the number of rows
     */
    public static long write(Dataset<Row> table, Path path) {
        table.write().parquet(path.toString());
        return count(table.sparkSession(), path);
    }

    /**
     * Counts a table's rows, of which the files' footers tell.
     *
     * @param spark the session
     * @param path its folder
     * @return the number of rows
     */
    static long count(SparkSession spark, Path path) {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        return storage.files(path, ".parquet").stream()
                .mapToLong(file -> ParquetColumns.countRows(storage, file.getPath()))
                .sum();
    }
}
