package io.deepfm.data.sample;

import static org.apache.spark.sql.functions.col;

import io.deepfm.config.DataConfig;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Draws items that a user has no interaction with, without replacement. Threads share it. */
@FunctionalInterface
interface ItemSampler extends Serializable {

    /**
     * Draws items.
     *
     * @param seen the rows of the items the user has interacted with, ascending and distinct
     * @param count how many to draw
     * @param key decides the draw
     * @return {@code count} distinct item rows outside {@code seen}, ascending; all of them where there are no more
     */
    int[] sample(int[] seen, int count, long key);

    /** Every unseen item is equally likely. */
    static ItemSampler uniform(int items) {
        return (seen, count, key) -> NegativeSampler.sample(seen, items, count, key);
    }

    /**
     * The one that the settings ask for.
     *
     * @param spark the session
     * @param work holds the encoded tables
     * @param data {@code negatives} and their exponent
     * @return uniform, or by the items' training interactions
     */
    static ItemSampler of(SparkSession spark, WorkDirectory work, DataConfig data) {
        int items = Math.toIntExact(work.require("encode", "encode").rows(Tables.ITEMS));
        if (data.popularityExponent().isEmpty()) {
            return uniform(items);
        }
        long[] interactions = new long[items];
        for (Row row : ParquetTables.read(spark, work.path(Tables.ENCODED + "/interactions/" + Tables.TRAIN))
                .groupBy(col(Tables.ITEM_INDEX))
                .count()
                .collectAsList()) {
            interactions[row.getInt(0)] = row.getLong(1);
        }
        double exponent = data.popularityExponent().get();
        double[] weights = Arrays.stream(interactions)
                .mapToDouble(count -> StrictMath.pow(1.0 + count, exponent))
                .toArray();
        // A broadcast, as a task would bring its own copy along.
        Broadcast<PopularitySampler> shared =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(new PopularitySampler(weights));
        return (seen, count, key) -> shared.value().sample(seen, count, key);
    }
}
