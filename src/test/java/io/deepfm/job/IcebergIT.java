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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's tables as sources and outputs; a folder of theirs also holds files of earlier snapshots. */
@Tag("proof")
class IcebergIT {

    @TempDir
    private Path folder;

    @Test
    void aTableIsReadAsItIsNowByItsNameAndByItsPath() throws IOException {
        try (SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
                .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
                .config("spark.sql.catalog.lake.type", "hadoop")
                .config(
                        "spark.sql.catalog.lake.warehouse",
                        folder.resolve("lake").toString())
                // Of paths, which is Hive's unless one says otherwise.
                .config("spark.sql.catalog.default_iceberg", "org.apache.iceberg.spark.SparkCatalog")
                .config("spark.sql.catalog.default_iceberg.type", "hadoop")
                .config(
                        "spark.sql.catalog.default_iceberg.warehouse",
                        folder.resolve("lake").toString())
                .getOrCreate()) {
            assumeTrue(spark.version().startsWith("3."), "this Iceberg is for Spark 3.5");
            Dataset<Row> rows = spark.sql(Purchases.ROWS);
            rows.createOrReplaceTempView("bought");
            spark.sql("CREATE TABLE lake.shop.purchases USING iceberg PARTITIONED BY (bucket(3, customer))"
                    + " AS SELECT * FROM bought");
            spark.sql("DELETE FROM lake.shop.purchases WHERE at < 6");
            String path = folder.resolve("lake/shop/purchases").toString();

            Purchases purchases = new Purchases(spark, folder);
            assertThat(purchases.encoded("table", "{ table = lake.shop.purchases }"))
                    .isEqualTo(54);
            assertThat(purchases.encoded("path", "{ format = iceberg, path = \"" + path + "\" }"))
                    .isEqualTo(54);
            assertThat(purchases.encoded("sql", "{ sql = \"SELECT * FROM lake.shop.purchases WHERE at >= 12\" }"))
                    .isEqualTo(48);

            for (boolean isReplaced : new boolean[] {false, true}) {
                SparkOutput output = new SparkOutput(
                        Optional.of("iceberg"),
                        Map.of(),
                        Optional.empty(),
                        Optional.of("lake.shop.scored"),
                        isReplaced);
                assertThat(output.write(rows)).isEqualTo(60);
                assertThat(spark.table("lake.shop.scored").count()).isEqualTo(60);
            }
        }
    }
}
