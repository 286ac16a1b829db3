package io.deepfm.data.sample;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import io.deepfm.config.random.Seed;
import io.deepfm.data.InternalRows;
import io.deepfm.schema.Tables;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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

    /** What a reader has to hold of a file: 200 MB. */
    private static final long NEGATIVES_PER_PARTITION = 50_000_000;

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

    private final SparkSession spark;
    private final StructType columns;
    private final ItemSampler sampler;
    private final RDD<InternalRow> byUser;

    /**
     * Brings interactions and seen items together; Spark keeps what it moved for that, for all draws to come.
     *
     * @param interactions with interaction, user row and item row
     * @param rows how many there are
     * @param seen each user's items, ascending and distinct
     * @param sampler draws items
     * @param count how many to draw for an interaction (int)
     * @param most the largest count there is
     */
    NegativeDraws(
            Dataset<Row> interactions, long rows, Dataset<Row> seen, ItemSampler sampler, Column count, long most) {
        Dataset<Row> seenItems = seen.select(
                col(Tables.USER_INDEX), explode(col(Tables.ITEM_INDICES)).as(Tables.ITEM_INDEX));
        Dataset<Row> together = interactions
                .withColumn(COUNT, count)
                .unionByName(seenItems, true)
                .repartition(partitions(rows, most), col(Tables.USER_INDEX))
                .sortWithinPartitions(
                        col(Tables.USER_INDEX), col(Tables.INTERACTION).asc_nulls_first(), col(Tables.ITEM_INDEX));
        this.spark = interactions.sparkSession();
        this.columns = together.schema();
        this.sampler = sampler;
        this.byUser = together.queryExecution().toRdd();
    }

    /** Into how many a table is cut, and so into how many files. */
    static int partitions(long rows, long most) {
        return Math.toIntExact(1 + Math.max(rows / ROWS_PER_PARTITION, rows * most / NEGATIVES_PER_PARTITION));
    }

    /**
     * Draws for each interaction, as often as there are draws.
     *
     * @param draws the draws
     * @return for each interaction and draw a row: the interaction's columns, {@link #DRAW} and the negatives
     */
    Dataset<Row> of(List<Draw> draws) {
        Drawing drawing = new Drawing(
                columns.fieldIndex(Tables.INTERACTION),
                columns.fieldIndex(Tables.USER_INDEX),
                columns.fieldIndex(Tables.ITEM_INDEX),
                columns.fieldIndex(COUNT),
                sampler,
                List.copyOf(draws));
        StructType withDraws = columns.add(DRAW, DataTypes.IntegerType, false)
                .add(Tables.NEGATIVES, DataTypes.createArrayType(DataTypes.IntegerType, false), false);
        JavaRDD<InternalRow> drawn = byUser.toJavaRDD().mapPartitions(drawing::of);
        return InternalRows.toDataset(spark, drawn, withDraws).drop(COUNT);
    }

    /** Goes through a partition's users in Spark's own rows, in which an array of numbers is one block of memory. */
    private record Drawing(int interaction, int user, int item, int count, ItemSampler sampler, List<Draw> draws)
            implements Serializable {

        Iterator<InternalRow> of(Iterator<InternalRow> rows) {
            return new Drawn(this, rows);
        }

        private UnsafeArrayData negatives(InternalRow row, int[] seen, int draw) {
            return UnsafeArrayData.fromPrimitiveArray(
                    sampler.sample(seen, row.getInt(count), draws.get(draw).key(row.getLong(interaction))));
        }
    }

    /** The interactions, each as often as there are draws; as with Spark's own iterators, the next row replaces the last. */
    private static final class Drawn implements Iterator<InternalRow> {
        private final Drawing drawing;
        private final Iterator<InternalRow> rows;
        private final SeenItems seen = new SeenItems();
        private final GenericInternalRow drawn = new GenericInternalRow(2);
        private final JoinedRow joined = new JoinedRow();
        private InternalRow interaction;
        private int draw;

        Drawn(Drawing drawing, Iterator<InternalRow> rows) {
            this.drawing = drawing;
            this.rows = rows;
            this.draw = drawing.draws().size();
        }

        @Override
        public boolean hasNext() {
            while (draw == drawing.draws().size() && rows.hasNext()) {
                InternalRow row = rows.next();
                seen.goTo(row.getInt(drawing.user()));
                if (row.isNullAt(drawing.interaction())) {
                    seen.add(row.getInt(drawing.item()));
                } else {
                    interaction = row;
                    draw = 0;
                }
            }
            return draw < drawing.draws().size();
        }

        @Override
        public InternalRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            drawn.update(0, draw);
            drawn.update(1, drawing.negatives(interaction, seen.items(), draw));
            draw++;
            return joined.apply(interaction, drawn);
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
