package io.deepfm.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class SparkTasksTest {

    @Test
    void tellsTheTasksOfEachSparkStageAndWhatTheyAreFor() throws IOException {
        List<Progress> told = Collections.synchronizedList(new ArrayList<>());
        try (SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.adaptive.coalescePartitions.enabled", "false")
                .getOrCreate()) {
            spark.sparkContext().addSparkListener(new SparkTasks("describe", told::add));
            spark.range(0, 9, 1, 3).foreach(row -> {});
            spark.sparkContext().setLocalProperty(SparkTasks.TASK, "encode");
            spark.range(0, 9, 1, 3).repartition(2).foreach(row -> {});
        }
        // The listener has heard all when Spark has stopped.
        assertThat(told)
                .extracting(progress -> progress.task() + " " + progress.done() + "/" + progress.all())
                .containsExactly(
                        "describe 0/3",
                        "describe 1/3",
                        "describe 2/3",
                        "describe 3/3",
                        "encode 0/3",
                        "encode 1/3",
                        "encode 2/3",
                        "encode 3/3",
                        "encode 0/2",
                        "encode 1/2",
                        "encode 2/2");
    }
}
