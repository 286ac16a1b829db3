package io.deepfm.cli;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Parquet files beside a command: what it wrote, when its own session is over. */
final class ParquetRows {

    private ParquetRows() {}

    /** A session to write a command's input or read its output; only while no command runs. */
    static SparkSession session() {
        return SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }

    /** All rows, in the order of the files. */
    static List<Row> of(Path folder) {
        SparkSession spark = session();
        try {
            List<String> files = java.util.Arrays.stream(folder.toFile().list())
                    .filter(name -> name.endsWith(".parquet"))
                    .sorted()
                    .map(name -> folder.resolve(name).toString())
                    .toList();
            return files.stream()
                    .flatMap(file -> spark.read().parquet(file).collectAsList().stream())
                    .toList();
        } finally {
            spark.stop();
        }
    }
}
