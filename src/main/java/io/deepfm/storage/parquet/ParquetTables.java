package io.deepfm.storage.parquet;

import io.deepfm.storage.Storage;
import java.util.Optional;
import java.util.function.ToLongBiFunction;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetReadSupport;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

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
        DataFrameReader reader = spark.read();
        noted(storage(spark), path).ifPresent(reader::schema);
        return reader.parquet(path.toString());
    }

    /** The columns that Spark noted in the files it wrote; else it finds them out with a job. */
    private static Optional<StructType> noted(Storage storage, Path path) {
        return storage.files(path, ".parquet").stream()
                .findFirst()
                .flatMap(file -> ParquetPages.note(
                        storage.configuration(), file.getPath(), ParquetReadSupport.SPARK_METADATA_KEY()))
                .map(json -> (StructType) DataType.fromJson(json));
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
        return countRows(table.sparkSession(), path);
    }

    /**
     * Counts a table's rows, of which the files' footers tell.
     *
     * @param spark the session
     * @param path its folder
     * @return the number of rows
     */
    public static long countRows(SparkSession spark, Path path) {
        return sum(spark, path, ParquetColumns::countRows);
    }

    /**
     * Counts a column's values that are not null, of which the files' footers tell.
     *
     * @param spark the session
     * @param path the table's folder
     * @param column its name
     * @return how many there are; in a column of arrays, elements of all arrays
     */
    public static long countValues(SparkSession spark, Path path, String column) {
        return sum(spark, path, (storage, file) -> ParquetColumns.countValues(storage, file, column));
    }

    private static long sum(SparkSession spark, Path path, ToLongBiFunction<Storage, Path> count) {
        Storage storage = storage(spark);
        return storage.files(path, ".parquet").parallelStream()
                .mapToLong(file -> count.applyAsLong(storage, file.getPath()))
                .sum();
    }

    private static Storage storage(SparkSession spark) {
        return new Storage(spark.sparkContext().hadoopConfiguration());
    }
}
