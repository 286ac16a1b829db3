package io.deepfm.ml;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.schema.Tables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's hours are those of its training, whatever the time zone of the application that predicts. */
class TimeZoneTest {

    private static final String SETTING = "spark.sql.session.timeZone";

    @TempDir
    private Path folder;

    private final SparkSession spark = SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config(SETTING, "America/New_York")
            .getOrCreate();

    @AfterEach
    void stop() {
        spark.stop();
    }

    /** Clicks at midnight and at one o'clock in Greenwich, which are at 19 and 20 o'clock in New York. */
    private Dataset<Row> clicks() {
        return spark.range(60)
                .selectExpr("id", "timestamp_seconds(id % 2 * 3600) AS at", "id % 2 = 0 AS clicked")
                .coalesce(1);
    }

    private DeepFm estimator(String workDir) {
        return new DeepFm()
                .setLabelCol("clicked")
                .setFeatures("[{ name = hour, type = sparse, expression = \"hour(at)\" }]")
                .setMaxIter(3)
                .setConfig("training.num_threads", 1)
                .setWorkDir(folder.resolve(workDir).toString());
    }

    @Test
    void aModelPredictsTheSameInEveryTimeZone() {
        DeepFmModel model = estimator("utc").fit(clicks());
        assertThat(vocabulary(model)).contains("\"0\"", "\"1\"").doesNotContain("\"19\"");
        Map<Long, Double> here = probabilities(model.transform(clicks()));
        assertThat(here.get(0L)).isNotEqualTo(here.get(1L));
        assertThat(spark.conf().get(SETTING)).isEqualTo("America/New_York");

        spark.conf().set(SETTING, "Asia/Tokyo");
        DeepFmModel elsewhere = DeepFmModel.load(model.folder());
        assertThat(probabilities(elsewhere.transform(clicks()))).isEqualTo(here);
        Dataset<Row> asText = clicks().selectExpr("id", "concat('1970-01-01 0', id % 2, ':00:00') AS at");
        assertThat(probabilities(elsewhere.transform(asText)))
                .as("text without a zone")
                .isEqualTo(here);
    }

    @Test
    void theTimeZoneIsASettingThatTheModelKeeps() {
        DeepFmModel model = estimator("new-york")
                .setConfig("dataset.time_zone", "America/New_York")
                .fit(clicks());
        assertThat(vocabulary(model)).contains("\"19\"", "\"20\"");
        Map<Long, Double> here = probabilities(model.transform(clicks()));
        assertThat(here.get(0L)).isNotEqualTo(here.get(1L));
        spark.conf().set(SETTING, "UTC");
        assertThat(probabilities(DeepFmModel.load(model.folder()).transform(clicks())))
                .isEqualTo(here);
    }

    private String vocabulary(DeepFmModel model) {
        return DeepFmModel.storage(spark)
                .readString(new org.apache.hadoop.fs.Path(model.folder(), Tables.ENCODERS_FILE));
    }

    private static Map<Long, Double> probabilities(Dataset<Row> predicted) {
        Map<Long, Double> byId = new TreeMap<>();
        List<Row> rows = predicted.collectAsList();
        rows.forEach(row ->
                byId.put(row.getAs("id"), row.<Vector>getAs("probability").apply(1)));
        return byId;
    }
}
