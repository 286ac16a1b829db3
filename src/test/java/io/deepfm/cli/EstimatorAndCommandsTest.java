package io.deepfm.cli;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.ml.DeepFm;
import io.deepfm.ml.DeepFmModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The estimator and the commands write the same folders, and each opens the other's. */
@Tag("proof")
class EstimatorAndCommandsTest {

    @TempDir
    private Path folder;

    @Test
    void aCommandOpensAModelOfTheEstimator() throws IOException {
        String stored = folder.resolve("stored").toString();
        Map<String, Double> expected;
        try (SparkSession spark = spark()) {
            Dataset<Row> ratings = ratings(spark);
            DeepFmModel model = new DeepFm()
                    .setUserCol("who")
                    .setItemCol("what")
                    .setTimestampCol("at")
                    .setMaxIter(1)
                    .setWorkDir(folder.resolve("fit").toString())
                    .fit(ratings);
            model.save(stored);
            ratings.coalesce(1).write().parquet(folder.resolve("input").toString());
            expected = ofEstimator(model.transform(ratings));
        }
        assertThat(Main.run(
                        "predict",
                        "--checkpoint",
                        stored,
                        "--input",
                        folder.resolve("input").toString(),
                        "--output",
                        folder.resolve("predicted").toString()))
                .isZero();
        try (SparkSession spark = spark()) {
            Map<String, Double> found = new HashMap<>();
            for (Row row :
                    spark.read().parquet(folder.resolve("predicted").toString()).collectAsList()) {
                found.put(row.getAs("who") + " " + row.getAs("what"), row.getAs("probability"));
            }
            assertThat(found.keySet()).isEqualTo(expected.keySet());
            found.forEach((pair, probability) -> assertThat(probability).isCloseTo(expected.get(pair), within(1e-6)));
        }
    }

    @Test
    void theEstimatorsModelOpensARunOfTheCommands() throws IOException {
        assertThat(Main.run(
                        "train",
                        "--config",
                        "conf/deepfm_sample.conf",
                        "--override",
                        "work_dir=" + folder.resolve("work"),
                        "output_dir=" + folder.resolve("run"),
                        "training.epochs=1"))
                .isZero();
        try (SparkSession spark = spark()) {
            DeepFmModel model = DeepFmModel.load(folder.resolve("run/model").toString());
            assertThat(model.hasSummary()).isTrue();
            Dataset<Row> ratings = spark.read()
                    .option("sep", "\t")
                    .schema("user_id BIGINT, movie_id BIGINT, rating DOUBLE, timestamp BIGINT")
                    .csv("sample-data/u.data");
            assertThat(model.getUserCol()).isEqualTo("user_id");
            assertThat(model.transform(ratings.limit(100)).count()).isEqualTo(100);
            List<Row> recommended = model.recommendForUserSubset(
                            ratings.filter(col("user_id").leq(2)), 5)
                    .collectAsList();
            assertThat(recommended).hasSize(2).allSatisfy(row -> assertThat(row.getList(1))
                    .hasSize(5));
        }
    }

    private static SparkSession spark() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
    }

    /** Twenty users, of whom each has ten of sixty items. */
    private static Dataset<Row> ratings(SparkSession spark) {
        return spark.range(200)
                .selectExpr("cast(id % 20 as int) as who", "concat('i', (id * 13) % 60) as what", "id as at")
                .coalesce(1);
    }

    private static Map<String, Double> ofEstimator(Dataset<Row> predicted) {
        Map<String, Double> byPair = new HashMap<>();
        for (Row row : predicted.collectAsList()) {
            byPair.put(
                    row.getAs("who") + " " + row.getAs("what"),
                    row.<Vector>getAs("probability").apply(1));
        }
        return byPair;
    }
}
