package io.deepfm.data.split;

import static org.apache.spark.sql.functions.array_agg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.deepfm.data.read.TableReader;
import io.deepfm.data.split.SplitStrategy.HeldOut;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Several interactions of one user with one item as one: the first by time, or in the raw files' order where times are equal.
 * Where the raw files hold several splits, those of different splits stay apart.
 *
 * <p>How often there was one is known of training rows alone, and only as far as it could be known when what is held out
 * began: what came later must not be learned from.
 */
public final class CountedPairs {

    /** The split that the raw files assign a row to. */
    private static final String SOURCE = "_source";

    private static final String TIMES = "_times";
    private static final String HELD_OUT = "_held_out";
    private static final String FIRST = "_first";

    private CountedPairs() {}

    /**
     * The first interaction of each pair.
     *
     * @param interactions raw columns and those of {@link Tables}
     * @return one row for each user and item, with the places in time of all
     */
    public static Dataset<Row> firsts(Dataset<Row> interactions) {
        Column[] columns = Arrays.stream(interactions.columns())
                .map(name -> col(TableReader.quoted(name)))
                .toArray(Column[]::new);
        return interactions
                .groupBy(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.SPLIT_NAME)
                .agg(
                        min_by(struct(columns), place()).as(FIRST),
                        array_agg(place()).as(TIMES))
                .select(col(FIRST + ".*"), col(TIMES), col(Tables.SPLIT_NAME).as(SOURCE));
    }

    /**
     * Counts the interactions of each pair.
     *
     * @param firsts what {@link #firsts} gave, with their split
     * @param heldOut from when on interactions are held out
     * @return with {@link Tables#PAIR_COUNT}, which is 1 in validation and test
     */
    public static Dataset<Row> counted(Dataset<Row> firsts, HeldOut heldOut) {
        Column known;
        Dataset<Row> rows = firsts;
        if (heldOut == HeldOut.ANY_TIME) {
            known = size(col(TIMES));
        } else {
            List<String> keys = new ArrayList<>(List.of(SOURCE));
            if (heldOut == HeldOut.FROM_A_TIME_OF_EACH_USER) {
                keys.add(Tables.USER_INDEX);
            }
            Column[] same = keys.stream().map(functions::col).toArray(Column[]::new);
            rows = firsts.join(
                    firsts.groupBy(same)
                            .agg(min(when(col(Tables.SPLIT_NAME).notEqual(Tables.TRAIN), place()))
                                    .as(HELD_OUT)),
                    keys.toArray(String[]::new));
            known = size(filter(col(TIMES), time -> col(HELD_OUT).isNull().or(time.lt(col(HELD_OUT)))));
        }
        Column isTrain = col(Tables.SPLIT_NAME).equalTo(Tables.TRAIN);
        return rows.withColumn(
                        Tables.PAIR_COUNT,
                        when(isTrain, greatest(lit(1), known)).otherwise(lit(1)))
                .drop(TIMES, SOURCE, HELD_OUT);
    }

    private static Column place() {
        return struct(col(Tables.TIME), col(Tables.INTERACTION));
    }
}
