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
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Draws negatives for interactions, user by user.
 *
 * <p>A user's seen items and interactions meet in one partition, the items first. So the seen items are held once, as
 * one array, while the user's interactions pass by: memory grows with what one user has seen, and work with the rows.
 */
final class NegativeDraws {

    /** Negatives by draw (array of array of int). */
    static final String DRAWS = "_draws";

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
     * @return the interactions with a column {@link #DRAWS}, each user's in one partition in their order
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
        StructType columns = byUser.schema()
                .add(
                        DRAWS,
                        DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.IntegerType, false), false),
                        false);
        return byUser.mapPartitions(new Drawing(byUser.schema(), items, List.copyOf(draws)), Encoders.row(columns))
                .drop(COUNT);
    }

    /** Goes through a partition's users. */
    private record Drawing(StructType columns, int items, List<Draw> draws) implements MapPartitionsFunction<Row, Row> {

        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            int interaction = columns.fieldIndex(Tables.INTERACTION);
            int user = columns.fieldIndex(Tables.USER_INDEX);
            int item = columns.fieldIndex(Tables.ITEM_INDEX);
            int count = columns.fieldIndex(COUNT);
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
                    .map(row -> with(row, draw(seen.items(), row.getInt(count), row.getLong(interaction))))
                    .iterator();
        }

        private Object draw(int[] seen, int count, long interaction) {
            int[][] drawn = new int[draws.size()][];
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] =
                        NegativeSampler.sample(seen, items, count, draws.get(i).key(interaction));
            }
            return drawn;
        }

        private static Row with(Row row, Object value) {
            Object[] values = new Object[row.size() + 1];
            for (int i = 0; i < row.size(); i++) {
                values[i] = row.get(i);
            }
            values[row.size()] = value;
            return RowFactory.create(values);
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
