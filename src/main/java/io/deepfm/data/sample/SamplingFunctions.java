package io.deepfm.data.sample;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.deepfm.config.Seed;
import io.deepfm.data.encode.ScalaSeq;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/** {@link NegativeSampler} as a column function. */
final class SamplingFunctions {

    private static final UDF4<Seq<Integer>, Integer, Integer, Long, int[]> SAMPLE =
            (seen, items, count, key) -> NegativeSampler.sample(ScalaSeq.toInts(seen), items, count, key);

    private static final UDF4<Long, Long, Long, Long, Long> KEY =
            (seed, stream, epoch, row) -> Seed.of(seed, stream, epoch, row);

    /** Keeps an epoch's draws apart from those of the candidate lists. */
    static final int TRAINING = 0;

    private SamplingFunctions() {}

    /**
     * Negatives for each row.
     *
     * @param seen ascending rows of the items the row's user has seen (array of int)
     * @param items the number of items
     * @param count how many to draw (int column)
     * @param seed the run's seed
     * @param stream what the draws are for
     * @param row the row's identity (long column)
     * @return ascending item rows (array of int)
     */
    static Column negatives(Column seen, int items, Column count, long seed, long stream, Column row) {
        return negatives(seen, items, count, seed, stream, 0, row);
    }

    /**
     * Negatives for each row of an epoch.
     *
     * @param seen ascending rows of the items the row's user has seen (array of int)
     * @param items the number of items
     * @param count how many to draw (int column)
     * @param seed the run's seed
     * @param stream what the draws are for
     * @param epoch the epoch
     * @param row the row's identity (long column)
     * @return ascending item rows (array of int)
     */
    static Column negatives(Column seen, int items, Column count, long seed, long stream, long epoch, Column row) {
        UserDefinedFunction key = udf(KEY, DataTypes.LongType);
        UserDefinedFunction sample = udf(SAMPLE, DataTypes.createArrayType(DataTypes.IntegerType, false));
        return sample.apply(seen, lit(items), count, key.apply(lit(seed), lit(stream), lit(epoch), row));
    }
}
