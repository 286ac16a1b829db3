package io.deepfm.data.sample;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import io.deepfm.config.Seed;
import io.deepfm.schema.Tables;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Draws negatives for interactions, user by user.
 *
 * <p>A user's seen items and interactions meet in one partition, the items first. So the seen items are held once, as
 * one array, while the user's interactions pass by: memory grows with what one user has seen, and work with the rows.
 */
final class NegativeDraws {

    /** Which of the draws a row is of (int). */
    static final String DRAW = "_draw";

    private static final long ROWS_PER_PARTITION = 50_000;

    private static final String COUNT = "_count";

    /**
     * What keeps a draw apart from all others; together with an interaction it decides what is drawn.
     *
     * @param seed the seed
     * @param purpose what the draw is for
     * @param epoch the epoch, 0 where there are none
     */
    record Draw(long seed, long purpose, long epoch) implements Serializable {

        private long key(long interaction) {
            return Seed.of(seed, purpose, epoch, interaction);
        }
    }

    private NegativeDraws() {}

    /**
     * Draws for each interaction, as often as there are draws.
     *
     * @param interactions with interaction, user row and item row
     * @param rows how many there are
     * @param seen each user's items, ascending and distinct
     * @param items the number of items
     * @param count how many to draw for an interaction (int)
     * @param draws the draws
     * @return for each interaction and draw a row: the interaction's columns, {@link #DRAW} and the negatives
     */
    static Dataset<Row> of(
            Dataset<Row> interactions, long rows, Dataset<Row> seen, int items, Column count, List<Draw> draws) {
        Dataset<Row> seenItems = seen.select(
                col(Tables.USER_INDEX), explode(col(Tables.ITEM_INDICES)).as(Tables.ITEM_INDEX));
        Dataset<Row> byUser = interactions
                .withColumn(COUNT, count)
                .unionByName(seenItems, true)
                .repartition((int) (1 + rows / ROWS_PER_PARTITION), col(Tables.USER_INDEX))
                .sortWithinPartitions(
                        col(Tables.USER_INDEX), col(Tables.INTERACTION).asc_nulls_first(), col(Tables.ITEM_INDEX));
        Drawing drawing = new Drawing(
                byUser.schema().fieldIndex(Tables.INTERACTION),
                byUser.schema().fieldIndex(Tables.USER_INDEX),
                byUser.schema().fieldIndex(Tables.ITEM_INDEX),
                byUser.schema().fieldIndex(COUNT),
                items,
                List.copyOf(draws));
        StructType columns = byUser.schema()
                .add(DRAW, DataTypes.IntegerType, false)
                .add(Tables.NEGATIVES, DataTypes.createArrayType(DataTypes.IntegerType, false), false);
        JavaRDD<InternalRow> drawn = byUser.queryExecution().toRdd().toJavaRDD().mapPartitions(drawing::of);
        return interactions
                .sparkSession()
                .internalCreateDataFrame(drawn.rdd(), columns, false)
                .drop(COUNT);
    }

    /** Goes through a partition's users in Spark's own rows, in which an array of numbers is one block of memory. */
    private record Drawing(int interaction, int user, int item, int count, int items, List<Draw> draws)
            implements Serializable {

        Iterator<InternalRow> of(Iterator<InternalRow> rows) {
            SeenItems seen = new SeenItems();
            return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                    .filter(row -> {
                        seen.goTo(row.getInt(user));
                        if (row.isNullAt(interaction)) {
                            seen.add(row.getInt(item));
                            return false;
                        }
                        return true;
                    })
                    .flatMap(row -> IntStream.range(0, draws.size())
                            .mapToObj(draw -> new JoinedRow(row, negatives(row, seen.items(), draw))))
                    .map(InternalRow.class::cast)
                    .iterator();
        }

        private InternalRow negatives(InternalRow row, int[] seen, int draw) {
            int[] negatives = NegativeSampler.sample(
                    seen, items, row.getInt(count), draws.get(draw).key(row.getLong(interaction)));
            return new GenericInternalRow(new Object[] {draw, UnsafeArrayData.fromPrimitiveArray(negatives)});
        }
    }

    /** The items that the user at hand has seen. */
    private static final class SeenItems {
        private int user = -1;
        private int[] items = new int[16];
        private int size;

        void goTo(int next) {
            if (next != user) {
                user = next;
                size = 0;
            }
        }

        void add(int item) {
            if (size == items.length) {
                items = Arrays.copyOf(items, 2 * size);
            }
            items[size++] = item;
        }

        int[] items() {
            if (size < items.length) {
                items = Arrays.copyOf(items, size);
            }
            return items;
        }
    }
}
