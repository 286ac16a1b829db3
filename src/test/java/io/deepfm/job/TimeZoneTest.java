package io.deepfm.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.EncodeStage;
import io.deepfm.data.encode.FieldEncoder;
import io.deepfm.data.encode.FieldEncoder.Vocabulary;
import io.deepfm.job.progress.JobListener;
import io.deepfm.job.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days and hours are by the dataset's time zone, whatever Spark's is. */
class TimeZoneTest {

    private static final String SETTING = "spark.sql.session.timeZone";

    /** Midnight and one o'clock in Greenwich, on a day on which New York is five hours behind. */
    private static final String INSTANTS =
            "{ sql = \"SELECT timestamp_seconds(id % 2 * 3600) AS at, id % 2 AS label FROM range(40)\" }";

    @TempDir
    private Path folder;

    private final SparkSession spark = SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config(SETTING, "Asia/Tokyo")
            .getOrCreate();
    private final List<String> ran = new ArrayList<>();

    @AfterEach
    void stop() {
        spark.stop();
    }

    @Test
    void hoursAreThoseOfGreenwichUnlessTheDatasetSaysOtherwise() {
        assertThat(hours(INSTANTS, "UTC")).containsExactly("0", "1");
        assertThat(hours(INSTANTS, "America/New_York")).containsExactly("19", "20");
        assertThat(ran).as("with another zone").contains("ingest", "encode");
        assertThat(hours(INSTANTS, "America/New_York")).containsExactly("19", "20");
        assertThat(ran).as("with another setting of Spark's").isEmpty();
    }

    @Test
    void textThatNamesNoZoneIsOfTheDatasets() throws IOException {
        Path file = folder.resolve("log.csv");
        Files.write(file, List.of("at,label", "2024-01-01 07:00:00,1", "2024-01-01 08:00:00,0"));
        String repeated = Files.readString(file) + "2024-01-01 07:30:00,1\n2024-01-01 08:30:00,0\n".repeat(10);
        Files.writeString(file, repeated);
        String source = "{ path = \"" + file + "\", header = true, columns = \"at TIMESTAMP, label INT\" }";
        assertThat(hours(source, "America/New_York")).containsExactly("7", "8");
    }

    private List<String> hours(String source, String zone) {
        ExperimentConfig config = Configurations.defaults(
                "data.dataset_name=log",
                "data.auto_download=false",
                "data.split_strategy=random",
                "data.duplicates=keep",
                "work_dir=" + folder.resolve("work"),
                "output_dir=" + folder.resolve("run"),
                "dataset.interactions=" + source,
                "dataset.label=label",
                "dataset.time_zone=" + zone,
                "dataset.features=[{ name = hour, type = sparse, expression = \"hour(at)\" }]");
        ran.clear();
        SparkSession stages = spark.newSession();
        try (Session session = Session.within("test", config, stages, new Ran(ran))) {
            new DataJob(session).encode();
            String encoders = session.storage().readString(session.work().path(EncodeStage.ENCODERS));
            return ((Vocabulary) FieldEncoder.fromJson(encoders).get("hour"))
                    .values().stream().sorted().toList();
        } finally {
            assertThat(spark.conf().get(SETTING)).isEqualTo("Asia/Tokyo");
        }
    }

    /** Hears what was not up to date. */
    private record Ran(List<String> stages) implements JobListener {
        @Override
        public void onStage(String name, String what, double seconds, boolean upToDate) {
            if (!upToDate) {
                stages.add(name);
            }
        }

        @Override
        public void onDetail(String what) {}

        @Override
        public void onProgress(Progress progress) {}
    }
}
