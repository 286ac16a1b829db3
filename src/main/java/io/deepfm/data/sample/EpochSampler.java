package io.deepfm.data.sample;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.DataConfig;
import io.deepfm.config.DataConfig.NegativesFor;
import io.deepfm.config.DataConfig.PairWeight;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.random.Seed;
import io.deepfm.data.EncodeStage;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/**
 * Writes epochs' training groups: each training interaction with its fresh negatives, in a random order over the whole
 * epoch.
 *
 * <p>Each group gets a 64-bit key from (seed, epoch, interaction), which no other interaction has. The key's leading bits
 * choose the shard and the key orders the groups within it, so reading the shards by number gives the groups in the order
 * of their keys: the same order however Spark partitioned the work, and whichever epochs one job writes. A shard is a
 * partition, so that Spark sorts by one number, which it does in linear time.
 */
public final class EpochSampler {

    /** Keeps an epoch's draws apart from those of the candidate lists, and from the order of its groups. */
    private static final int TRAINING = 0;

    private static final int ORDER = 3;

    private static final int MOST_EPOCHS = 8;
    private static final long MOST_ROWS = 4_000_000;

    private static final String KEY = "_key";

    private final SparkSession spark;
    private final WorkDirectory work;
    private final ExperimentConfig config;
    /** Made when the first epoch is sampled, as the tables must be there. */
    private NegativeDraws draws;

    /**
     * @param spark the session
     * @param work holds the encoded tables
     * @param config seed and negatives
     */
    public EpochSampler(SparkSession spark, WorkDirectory work, ExperimentConfig config) {
        this.spark = spark;
        this.work = work;
        this.config = config;
    }

    /**
     * How many epochs one job should write: several where they are small, as a job has costs of its own, but not more
     * than a disk has room for that holds two of the largest.
     *
     * @return 1 to 8, a function of row counts and settings
     */
    public int epochsPerJob() {
        return (int) Math.max(1, Math.min(MOST_EPOCHS, MOST_ROWS / mostRows()));
    }

    /**
     * Writes the shards of some epochs with one Spark job.
     *
     * @param stages the epochs
     * @param target where each epoch's folder goes
     * @return for each epoch its rows, its groups and into how many shards their keys are divided
     */
    public List<Map<String, Long>> run(List<SampleStage> stages, Path target) {
        int shards = shards();
        List<Integer> epochs = stages.stream().map(SampleStage::epoch).toList();
        PartitionNumbers partitions = new PartitionNumbers(shards * epochs.size());
        // The upper 32 bits, as a number from 0 to 2^32 - 1, scaled to 0..shards-1.
        Column shard = shiftrightunsigned(shiftrightunsigned(col(KEY), 32).multiply((long) shards), 32)
                .cast("int");
        Path written = new Path(target, "sampled");
        groups(epochs)
                .repartition(
                        partitions.count(),
                        partitions.column(
                                col(NegativeDraws.DRAW).multiply(shards).plus(shard)))
                .sortWithinPartitions(KEY)
                .drop(KEY, Tables.INTERACTION, NegativeDraws.DRAW)
                .write()
                .option("parquet.enable.dictionary#" + Tables.NEGATIVES + ".list.element", false)
                .parquet(written.toString());
        for (FileStatus file : work.storage().files(written, ".parquet")) {
            int partition = PartitionNumbers.ofFile(file.getPath().getName());
            Path folder =
                    new Path(target, stages.get(partition / shards).outputs().get(0));
            work.storage()
                    .move(
                            file.getPath(),
                            new Path(
                                    folder,
                                    "shard=" + partition % shards + "/"
                                            + file.getPath().getName()));
        }
        work.storage().delete(written);
        return stages.stream().map(stage -> counts(stage, target, shards)).toList();
    }

    private Map<String, Long> counts(SampleStage stage, Path target, int shards) {
        Path folder = new Path(target, stage.outputs().get(0));
        long groups = ParquetTables.countRows(spark, folder);
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("rows", groups + ParquetTables.countValues(spark, folder, Tables.NEGATIVES));
        rows.put("groups", groups);
        rows.put("shards", (long) shards);
        return rows;
    }

    private Dataset<Row> groups(List<Integer> epochs) {
        if (draws == null) {
            draws = draws();
        }
        long seed = config.seed();
        int[] numbers = epochs.stream().mapToInt(Integer::intValue).toArray();
        // Different interactions have different keys, as the last number that is mixed in is.
        UDF2<Integer, Long, Long> key = (draw, interaction) -> Seed.of(seed, ORDER, numbers[draw], interaction);
        return draws.of(epochs.stream()
                        .map(epoch -> new NegativeDraws.Draw(seed, TRAINING, epoch))
                        .toList())
                .withColumn(
                        KEY,
                        udf(key, DataTypes.LongType)
                                .asNonNullable()
                                .apply(col(NegativeDraws.DRAW), col(Tables.INTERACTION)));
    }

    private NegativeDraws draws() {
        Manifest encoded = work.require("encode", "encode");
        Column isSampled = config.data().negativesFor() == NegativesFor.ALL
                ? lit(true)
                : col(Tables.LABEL).equalTo(1);
        Dataset<Row> train = ParquetTables.read(spark, work.path(Tables.ENCODED + "/interactions/" + Tables.TRAIN));
        return new NegativeDraws(
                config.data()
                        .weight()
                        .map(weight ->
                                train.withColumn(Tables.WEIGHT, weight(weight)).drop(Tables.PAIR_COUNT))
                        .orElse(train),
                encoded.rows(Tables.TRAIN),
                ParquetTables.read(spark, work.path(EncodeStage.SEEN)),
                ItemSampler.of(spark, work, config.data()),
                when(isSampled, lit(config.data().numNegTrain())).otherwise(lit(0)),
                config.data().numNegTrain());
    }

    private static Column weight(PairWeight weight) {
        Column count = col(Tables.PAIR_COUNT);
        return (weight == PairWeight.LOG ? log(count).plus(1) : count).cast("float");
    }

    /** From counts that are known before sampling, so that it does not depend on how the work is partitioned. */
    private int shards() {
        int shardRows = config.data().shardRows();
        return Math.toIntExact((mostRows() + shardRows - 1) / shardRows);
    }

    /** The rows of an epoch if no user runs out of unseen items. */
    private long mostRows() {
        DataConfig data = config.data();
        Manifest encoded = work.require("encode", "encode");
        long sampled = data.negativesFor() == NegativesFor.ALL
                ? encoded.rows(Tables.TRAIN)
                : work.require("split", "split").rows("train_positive");
        return encoded.rows(Tables.TRAIN) + sampled * data.numNegTrain();
    }
}
