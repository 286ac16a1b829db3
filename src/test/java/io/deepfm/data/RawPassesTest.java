package io.deepfm.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.config.Located;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.TableSource;
import io.deepfm.dataset.TableSourceBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often the raw files are gone through before the split: for large ones that is what the first stages cost. */
class RawPassesTest {

    @TempDir
    private Path folder;

    private Path raw;

    @BeforeEach
    void write() {
        raw = TinyDataset.write(folder.resolve("raw"));
    }

    @Test
    void linesAreReadThreeTimesAtMost() throws Exception {
        long lines = lines("u.data") + lines("u.user") + lines("u.item");
        try (PreparedData data = prepared()) {
            // The tables of users and items, of which the interactions take the numbers, are read once as well.
            assertThat(recordsRead(data, data.dataset()))
                    .isBetween(2 * lines, 3 * lines + TinyDataset.USERS + TinyDataset.ITEMS);
        }
    }

    /** For small files jobs cost more than rows. Each table: check, count and write; the interactions: two broadcasts more. */
    @Test
    void smallFilesTakeFewJobs() {
        AtomicLong jobs = new AtomicLong();
        try (PreparedData data = prepared()) {
            data.spark.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onJobStart(SparkListenerJobStart start) {
                    jobs.incrementAndGet();
                }
            });
            data.ingest(data.dataset());
        }
        // When Spark has stopped, the listener has heard of all.
        assertThat(jobs.get()).isLessThanOrEqualTo(3 * 3 + 2);
    }

    /** Once to find the columns, once to check the values and count them, once to take them over. */
    @Test
    void jsonIsReadThreeTimesAtMost() throws Exception {
        long lines = lines("u.data");
        try (PreparedData data = prepared()) {
            DatasetDefinition tiny = data.dataset();
            long others = recordsRead(data, withInteractions(tiny, converted(data, "json")));
            assertThat(others - tables()).isBetween(2 * lines, 3 * lines);
            assertThat(data.table("interactions").count()).isEqualTo(lines);
        }
    }

    /** The pages are looked at once before Spark reads the rows, which this does not see. */
    @Test
    void sparkReadsParquetTwiceAtMost() throws Exception {
        long lines = lines("u.data");
        try (PreparedData data = prepared()) {
            DatasetDefinition tiny = data.dataset();
            long others = recordsRead(data, withInteractions(tiny, converted(data, "parquet")));
            assertThat(others - tables()).isBetween(lines, 2 * lines);
        }
    }

    /** What is read of users and items, which are text: three times, and once for the interactions. */
    private long tables() throws Exception {
        return 3 * (lines("u.user") + lines("u.item")) + TinyDataset.USERS + TinyDataset.ITEMS;
    }

    private PreparedData prepared() {
        return new PreparedData("local[2]", 3, raw.toString(), folder.resolve("work"));
    }

    private long lines(String name) throws Exception {
        return Files.readAllLines(raw.resolve(name), StandardCharsets.ISO_8859_1)
                .size();
    }

    private static long recordsRead(PreparedData data, DatasetDefinition dataset) {
        AtomicLong read = new AtomicLong();
        data.spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                read.addAndGet(end.taskMetrics().inputMetrics().recordsRead());
            }
        });
        data.ingest(dataset);
        return read.get();
    }

    private TableSource converted(PreparedData data, String format) {
        String path = folder.resolve(format).toString();
        data.spark
                .read()
                .option("sep", "\t")
                .schema("user_id INT, movie_id INT, rating INT, timestamp BIGINT")
                .csv(raw.resolve("u.data").toString())
                .write()
                .format(format)
                .save(path);
        return new TableSourceBuilder(Located.of(path), format).build();
    }

    private static DatasetDefinition withInteractions(DatasetDefinition dataset, TableSource interactions) {
        return dataset.withSources(source -> source.equals(dataset.interactions()) ? interactions : source);
    }
}
