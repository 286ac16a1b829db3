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
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The native memory of a JVM that scores with one model after the other. */
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
        // Twenty models that are not freed would be 390 MiB more.
        assertThat(resident[SWAPS] - resident[WARM])
                .as("MiB after each swap: %s", Arrays.toString(resident))
                .isLessThan((SWAPS - WARM) * MODEL_MIB / 2);
    }

    private static ScoringBatch batch() {
        FeatureTable none = new FeatureTable(1, new int[0], new float[0]);
        Given item = new Given(new FeatureTable(1, new int[] {7}, new float[0]));
        return ScoringBatch.ofRows(1, new Given(none), item, new Given(none));
    }

    /** What the process has in memory outside of Java's heap, which grows and shrinks as its collector likes. */
    private static double residentMib() throws IOException {
        long start = Long.MAX_VALUE;
        long end = 0;
        Matcher address = Pattern.compile("0x([0-9a-f]{16})").matcher(heapInfo());
        while (address.find()) {
            long found = Long.parseLong(address.group(1), 16);
            start = Math.min(start, found);
            end = Math.max(end, found);
        }
        assertThat(start).as("the heap's addresses").isLessThan(end);
        long kibibytes = 0;
        boolean inHeap = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            Matcher mapping = Pattern.compile("([0-9a-f]+)-[0-9a-f]+ .*").matcher(line);
            if (mapping.matches()) {
                long from = Long.parseUnsignedLong(mapping.group(1), 16);
                inHeap = from >= start && from < end;
            } else if (!inHeap && line.startsWith("Rss:")) {
                kibibytes += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return kibibytes / 1024.0;
    }

    /** What {@code jcmd GC.heap_info} says, with the addresses of all parts of the heap. */
    private static String heapInfo() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcHeapInfo",
                            new Object[] {null},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
