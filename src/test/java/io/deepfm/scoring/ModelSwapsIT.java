package io.deepfm.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.ScoringBatch;
import io.deepfm.inference.ScoringBatch.Given;
import io.deepfm.job.Configurations;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.Models;
import io.deepfm.model.io.SavedModel;
import io.deepfm.model.io.TensorFile;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.scoring.task.ExecutorScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The memory of a JVM that scores with one model after the other. */
@Tag("proof")
@EnabledOnOs(OS.LINUX)
class ModelSwapsIT {

    private static final int SWAPS = 50;
    private static final int WARM = 30;
    private static final double MODEL_MIB = 19.5;

    @Test
    void residentMemoryIsFlat() throws IOException {
        DatasetSchema schema =
                new DatasetSchema(List.of(FieldSchema.sparse("what", FieldGroup.ITEM, 300_000, 16)), "label");
        ModelConfig config = ModelConfig.of(Configurations.defaults("dnn.hidden_units=[4]"));
        SavedModel saved;
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = Models.create(manager, schema, config, 1);
            saved = SavedModel.of(
                    config, schema, TensorFile.copy(model.parameters().values()));
        }
        double[] resident = new double[SWAPS + 1];
        try (SparkSession spark = TinyModel.spark()) {
            for (int swap = 1; swap <= SWAPS; swap++) {
                ExecutorScorer shared = ExecutorScorer.share(spark, saved, Map.of(), 10);
                new JavaSparkContext(spark.sparkContext())
                        .parallelize(List.of(1, 2, 3, 4), 4)
                        .foreach(i -> shared.forTask().logits(batch()));
                resident[swap] = residentMib();
            }
        }
        // The heap has grown by then. Twenty models that are not freed would be 390 MiB more.
        assertThat(resident[SWAPS] - resident[WARM])
                .as("MiB after each swap: %s", Arrays.toString(resident))
                .isLessThan((SWAPS - WARM) * MODEL_MIB / 2);
    }

    private static ScoringBatch batch() {
        FeatureTable none = new FeatureTable(1, new int[0], new float[0]);
        Given item = new Given(new FeatureTable(1, new int[] {7}, new float[0]));
        return ScoringBatch.ofRows(1, new Given(none), item, new Given(none));
    }

    private static double residentMib() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("/proc/self/status has no VmRSS");
    }
}
