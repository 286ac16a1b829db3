package io.deepfm.data.sample;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.deepfm.config.DataConfig;
import io.deepfm.config.DataConfig.NegativesFor;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.EncodeStage;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * One epoch's training rows: all training interactions, and fresh negatives with label 0 for those that get some, in a
 * random order over the whole epoch.
 *
 * <p>Each row gets a 64-bit key from (seed, epoch, interaction, place in its list). The key's leading bits choose the
 * shard and the key orders the rows within it, so reading the shards by number gives the rows in the order of their
 * keys: the same order however Spark partitioned the work.
 */
public final class SampleStage implements Stage {

    private static final String OBSERVED = "_observed";
    private static final String PLACE = "_place";
    private static final String KEY = "_key";

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
                .add("shard_rows", data.shardRows());
    }

    @Override
    public Map<String, Long> run(Path target) {
        Manifest encoded = work.require("encode", "encode");
        int shards = shards(encoded);
        Dataset<Row> rows = rows(Math.toIntExact(encoded.rows("items")));
        // The upper 32 bits, as a number from 0 to 2^32 - 1, scaled to 0..shards-1.
        Column shard = shiftrightunsigned(shiftrightunsigned(col(KEY), 32).multiply((long) shards), 32)
                .cast("int");
        Path path = new Path(target, outputs().get(0));
        rows.withColumn("shard", shard)
                .repartition(shards, col("shard"))
                .sortWithinPartitions("shard", KEY, Tables.INTERACTION, PLACE)
                .drop(KEY, PLACE, Tables.INTERACTION)
                .write()
                .partitionBy("shard")
                .parquet(path.toString());
        return Map.of("rows", ParquetTables.countRows(spark, path), "shards", (long) shards);
    }

    private Dataset<Row> rows(int items) {
        DataConfig data = config.data();
        Dataset<Row> train = ParquetTables.read(spark, work.path(Tables.ENCODED + "/interactions/" + Tables.TRAIN));
        Dataset<Row> seen = ParquetTables.read(spark, work.path(EncodeStage.SEEN));
        Column isSampled = data.negativesFor() == NegativesFor.ALL
                ? lit(true)
                : col(Tables.LABEL).equalTo(1);
        Column count = when(isSampled, lit(data.numNegTrain())).otherwise(lit(0));
        Column negatives = SamplingFunctions.negatives(
                col(Tables.ITEM_ROWS),
                items,
                count,
                config.seed(),
                SamplingFunctions.TRAINING,
                epoch,
                col(Tables.INTERACTION));
        List<Column> kept = new ArrayList<>(List.of(
                col(Tables.INTERACTION), col(Tables.USER_ROW), col(Tables.LABEL).as(OBSERVED)));
        Arrays.stream(train.columns())
                .filter(name -> !List.of(Tables.INTERACTION, Tables.USER_ROW, Tables.ITEM_ROW, Tables.LABEL)
                        .contains(name))
                .forEach(context -> kept.add(col(context)));
        kept.add(posexplode(concat(array(col(Tables.ITEM_ROW)), negatives)).as(new String[] {PLACE, Tables.ITEM_ROW}));
        return train.join(seen, Tables.USER_ROW)
                .select(kept.toArray(Column[]::new))
                .withColumn(
                        Tables.LABEL, when(col(PLACE).equalTo(0), col(OBSERVED)).otherwise(lit(0)))
                .drop(OBSERVED)
                .withColumn(KEY, xxhash64(lit(config.seed()), lit(epoch), col(Tables.INTERACTION), col(PLACE)));
    }

    /** From counts that are known before sampling, so that it does not depend on how the work is partitioned. */
    private int shards(Manifest encoded) {
        Manifest split = work.require("split", "split");
        long sampled = config.data().negativesFor() == NegativesFor.ALL
                ? encoded.rows(Tables.TRAIN)
                : split.rows("train_positive");
        long most = encoded.rows(Tables.TRAIN) + sampled * config.data().numNegTrain();
        return Math.toIntExact(
                (most + config.data().shardRows() - 1) / config.data().shardRows());
    }
}
