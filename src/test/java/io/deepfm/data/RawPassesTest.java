package io.deepfm.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often the raw files are gone through: for large ones that is what the first stages cost. */
class RawPassesTest {

    @TempDir
    private static Path folder;

    @Test
    void checkTablesAndIngestReadEachLineThreeTimesAtMost() throws Exception {
        Path raw = TinyDataset.write(folder.resolve("raw"));
        long lines = 0;
        for (String name : List.of("u.data", "u.user", "u.item")) {
            lines += Files.readAllLines(raw.resolve(name), StandardCharsets.ISO_8859_1)
                    .size();
        }
        AtomicLong read = new AtomicLong();
        try (PreparedData data = new PreparedData("local[2]", 3, raw.toString(), folder.resolve("work"))) {
            data.spark.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                    read.addAndGet(end.taskMetrics().inputMetrics().recordsRead());
                }
            });
            data.ingest(data.dataset());
        }
        // The tables of users and items, of which the interactions take the numbers, are read once as well.
        assertThat(read.get()).isBetween(2 * lines, 3 * lines + TinyDataset.USERS + TinyDataset.ITEMS);
    }
}
