package io.deepfm.data.sample;

import io.deepfm.config.DataConfig;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** One epoch's training groups, which {@link EpochSampler} writes, alone or together with those of other epochs. */
public final class SampleStage implements Stage {

    private final SparkSession spark;
    private final WorkDirectory work;
    private final ExperimentConfig config;
    private final int epoch;

    /**
     * @param spark the session
     * @param work holds the encoded tables
     * @param config seed and negatives
     * @param epoch the epoch, counted from 1
     */
    public SampleStage(SparkSession spark, WorkDirectory work, ExperimentConfig config, int epoch) {
        this.spark = spark;
        this.work = work;
        this.config = config;
        this.epoch = epoch;
    }

    @Override
    public String name() {
        return "epoch-%05d".formatted(epoch);
    }

    @Override
    public List<String> outputs() {
        return List.of(name());
    }

    @Override
    public Map<String, String> inputs() {
        return Map.of("encode", work.require("encode", "encode").fingerprint());
    }

    @Override
    public Fingerprint settings() {
        DataConfig data = config.data();
        return new Fingerprint()
                .add("seed", config.seed())
                .add("epoch", epoch)
                .add("num_neg_train", data.numNegTrain())
                .add("negatives_for", data.negativesFor())
                .add("popularity_exponent", data.popularityExponent())
                .add("weight", data.weight())
                .add("shard_rows", data.shardRows());
    }

    @Override
    public Map<String, Long> run(Path target) {
        return new EpochSampler(spark, work, config).run(List.of(this), target).get(0);
    }

    /**
     * The epoch.
     *
     * @return counted from 1
     */
    public int epoch() {
        return epoch;
    }
}
