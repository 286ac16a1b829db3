package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.data.TinyDataset;
import io.deepfm.report.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline on the tiny dataset: same weights and metrics however Spark spreads the work. */
@Tag("proof")
class SameMetricsIT {

    private static final String PARTITIONS = "spark.sql.shuffle.partitions";

    @TempDir
    private Path folder;

    @Test
    void masterAndPartitionsChangeNeitherWeightsNorMetrics() throws Exception {
        TinyDataset.write(folder.resolve("raw"));
        Map<String, Object> one = run("local[1]", "3");
        Map<String, Object> two = run("local[2]", "17");
        for (String key : new String[] {"val_metrics", "test_metrics", "baselines", "data"}) {
            assertThat(two.get(key)).as(key).isEqualTo(one.get(key));
        }
        assertThat(Files.readAllBytes(out("local[2]").resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(out("local[1]").resolve("model/model.safetensors")));
        assertThat(out("local[1]").resolve("metrics.csv"))
                .content()
                .contains("epoch,learning_rate")
                .hasLineCount(3);
        assertThat(out("local[1]").resolve("train.log")).content().contains("best epoch");
        assertThat(folder.resolve("work-local1/epochs"))
                .as("consumed shards are deleted")
                .isEmptyDirectory();
        rerunReusesTheDataStages();
    }

    private void rerunReusesTheDataStages() throws Exception {
        Path manifest = folder.resolve("work-local1/manifests/candidates.json");
        byte[] before = Files.readAllBytes(manifest);
        run("local[1]", "5");
        assertThat(Files.readAllBytes(manifest)).isEqualTo(before);
        assertThat(out("local[1]").resolve("train.log")).content().containsPattern("ingest +up to date");
    }

    private Map<String, Object> run(String master, String partitions) throws Exception {
        System.setProperty(PARTITIONS, partitions);
        try {
            int exitCode = Main.run(
                    "pipeline",
                    "--config",
                    Path.of("conf/deepfm_sample.conf").toString(),
                    "--master",
                    master,
                    "--override",
                    "data.data_dir=" + folder.resolve("raw"),
                    "work_dir=" + folder.resolve("work-" + master.replaceAll("\\W", "")),
                    "output_dir=" + out(master),
                    "data.num_neg_eval=15",
                    "training.epochs=2",
                    "training.batch_size=64",
                    "training.num_threads=1",
                    "dnn.hidden_units=[16, 8]");
            assertThat(exitCode).isZero();
        } finally {
            System.clearProperty(PARTITIONS);
        }
        String json = Files.readString(out(master).resolve("results.json"));
        assertThat(Arrays.asList("run_id", "timestamp", "config", "training_info", "timings", "environment"))
                .allMatch(json::contains);
        return Results.parse(json, "results.json");
    }

    private Path out(String master) {
        return folder.resolve("out-" + master.replaceAll("\\W", ""));
    }
}
