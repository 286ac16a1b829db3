package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.report.Results;
import io.deepfm.storage.Storage;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that the README begins with: on data with preferences to learn, a model has learned some. */
@Tag("proof")
class SampleIT {

    @TempDir
    private Path folder;

    @Test
    void aTrainedModelBeatsPopularityByAMargin() {
        int exitCode = Main.run(
                "pipeline",
                "--config",
                "conf/deepfm_sample.conf",
                "--master",
                "local[2]",
                "--override",
                "work_dir=" + folder.resolve("work"),
                "output_dir=" + folder.resolve("run"),
                "training.num_threads=1");
        assertThat(exitCode).isZero();
        Results results = Results.read(
                new Storage(new Configuration()),
                new org.apache.hadoop.fs.Path(folder.resolve("run/results.json").toUri()));
        Map<String, Double> model = results.testMetrics();
        Map<String, Double> popularity = results.baselines().get("popularity").testMetrics();
        // Of 299 negatives; a seed moves the model's by about .02.
        assertThat(model.get("auc")).isGreaterThan(popularity.get("auc") + 0.1);
        assertThat(model.get("HR@10")).isGreaterThan(1.8 * popularity.get("HR@10"));
        assertThat(model.get("NDCG@10")).isGreaterThan(1.8 * popularity.get("NDCG@10"));
    }
}
