package io.deepfm.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deepfm.job.predict.SparkOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delta Lake's tables as sources and outputs; a folder of theirs also holds files of rows that were deleted. */
@Tag("proof")
class DeltaIT {

    @TempDir
    private Path folder;

    @Test
    void aTableIsReadAsItIsNowByItsPathAndByItsName() throws IOException {
        try (SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .getOrCreate()) {
            assumeTrue(spark.version().startsWith("3."), "this Delta Lake is for Spark 3");
            String bought = folder.resolve("bought").toString();
            Dataset<Row> rows = spark.sql(Purchases.ROWS);
            rows.repartition(3).write().format("delta").save(bought);
            spark.sql("DELETE FROM delta.`" + bought + "` WHERE at < 6");
            spark.sql("CREATE TABLE purchases USING delta LOCATION '" + bought + "'");

            Purchases purchases = new Purchases(spark, folder);
            assertThat(purchases.encoded("path", "{ format = delta, path = \"" + bought + "\" }"))
                    .isEqualTo(54);
            assertThat(purchases.encoded("option", "{ format = delta, options { path = \"" + bought + "\" } }"))
                    .isEqualTo(54);
            assertThat(purchases.encoded("table", "{ table = purchases }")).isEqualTo(54);

            String out = folder.resolve("out").toString();
            SparkOutput output =
                    new SparkOutput(Optional.of("delta"), Map.of(), Optional.of(out), Optional.empty(), false);
            assertThat(output.write(rows)).isEqualTo(60);
            assertThat(spark.read()
                            .format("delta")
                            .load(out)
                            .filter(functions.col("at").lt(6))
                            .count())
                    .isEqualTo(6);
        }
    }
}
