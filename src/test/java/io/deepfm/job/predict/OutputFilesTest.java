package io.deepfm.job.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFilesTest {

    @Test
    void csvHoldsValuesWhole(@TempDir Path folder) throws IOException {
        Path csv = folder.resolve("out.csv");
        try (SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate()) {
            Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
            new OutputFiles(true, new org.apache.hadoop.fs.Path(csv.toString()), storage)
                    .write(spark.sql("SELECT * FROM VALUES"
                            + " ('u1', TIMESTAMP '2024-05-01 12:00:00.123456', TIMESTAMP_NTZ '2024-05-01 12:00:00'),"
                            + " ('u1 ', NULL, TIMESTAMP_NTZ '2024-05-01 12:00:00.000001'),"
                            + " ('\tu1', NULL, NULL)"
                            + " AS t(user, seen, local)"));
        }
        assertThat(csv)
                .content()
                .isEqualTo("user,seen,local\n"
                        + "u1,2024-05-01T12:00:00.123456Z,2024-05-01T12:00:00.000000\n"
                        + "u1 ,,2024-05-01T12:00:00.000001\n"
                        + "\tu1,,\n");
    }
}
