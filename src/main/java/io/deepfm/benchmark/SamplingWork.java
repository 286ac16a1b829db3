package io.deepfm.benchmark;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.sample.EpochSampler;
import io.deepfm.data.sample.SampleStage;
import io.deepfm.pipeline.WorkDirectory;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Spark jobs that each sample as many epochs as training would ask for at a time. */
final class SamplingWork implements Work {

    private final SparkSession spark;
    private final WorkDirectory work;
    private final ExperimentConfig config;
    private final EpochSampler sampler;
    private final Path folder;
    private int epochs;

    /**
     * @param spark the session
     * @param work prepared data
     * @param config seed and negatives
     * @param folder where epochs are written; closing the work deletes it
     */
    SamplingWork(SparkSession spark, WorkDirectory work, ExperimentConfig config, Path folder) {
        this.spark = spark;
        this.work = work;
        this.config = config;
        this.folder = folder;
        this.sampler = new EpochSampler(spark, work, config);
    }

    @Override
    public long next() {
        return sample(sampler.epochsPerJob());
    }

    /**
     * Samples one epoch.
     *
     * @return its shards, which are there until the work is closed
     */
    Path epoch() {
        sample(1);
        SampleStage stage = new SampleStage(spark, work, config, epochs);
        return new Path(target(), stage.outputs().get(0));
    }

    private long sample(int count) {
        List<SampleStage> stages = IntStream.rangeClosed(epochs + 1, epochs + count)
                .mapToObj(epoch -> new SampleStage(spark, work, config, epoch))
                .toList();
        epochs += count;
        return sampler.run(stages, target()).stream()
                .mapToLong(rows -> rows.get("rows"))
                .sum();
    }

    private Path target() {
        return new Path(folder, "until-" + epochs);
    }

    @Override
    public void close() {
        work.storage().delete(folder);
    }
}
