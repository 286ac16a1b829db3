package io.deepfm.baseline;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;

/** Each user's interactions of all splits in the order of time, from which histories are cut. */
final class UserSequences implements AutoCloseable {

    private static final String ROWS = "_rows";
    private static final String LABELS = "_labels";
    private static final String SPLITS = "_splits";
    private static final String INTERACTIONS = "_interactions";
    private static final Column SEQUENCE =
            struct(col(Tables.USER_INDEX), col(INTERACTIONS), col(Tables.ITEM_INDICES), col(LABELS), col(SPLITS));

    /** No interaction has this number. */
    private static final long NONE = -1;

    private final SparkSession spark;
    private final WorkDirectory work;
    private final Dataset<Row> sequences;

    /**
     * Sorts the interactions, once for all that is read from here until {@link #close}.
     *
     * @param spark the session
     * @param work holds the split
     */
    UserSequences(SparkSession spark, WorkDirectory work) {
        this.spark = spark;
        this.work = work;
        Dataset<Row> all = Tables.SPLITS.stream()
                .map(this::split)
                .reduce(Dataset::unionByName)
                .orElseThrow();
        Column rows = col(ROWS);
        this.sequences = all.groupBy(Tables.USER_INDEX)
                // By the first of the columns, and by the next where they are equal.
                .agg(sort_array(collect_list(struct(
                                Tables.TIME, Tables.INTERACTION, Tables.ITEM_INDEX, Tables.LABEL, Tables.SPLIT_NAME)))
                        .as(ROWS))
                .select(
                        col(Tables.USER_INDEX),
                        rows.getField(Tables.INTERACTION).as(INTERACTIONS),
                        rows.getField(Tables.ITEM_INDEX).as(Tables.ITEM_INDICES),
                        rows.getField(Tables.LABEL).as(LABELS),
                        rows.getField(Tables.SPLIT_NAME).as(SPLITS))
                .persist(StorageLevel.MEMORY_AND_DISK());
    }

    private Dataset<Row> split(String name) {
        return ParquetTables.read(spark, work.path(Tables.SPLIT + "/" + name))
                .select(
                        col(Tables.TIME),
                        col(Tables.INTERACTION),
                        col(Tables.USER_INDEX),
                        col(Tables.ITEM_INDEX),
                        col(Tables.RAW_LABEL).cast("int").as(Tables.LABEL),
                        lit(Tables.SPLITS.indexOf(name)).as(Tables.SPLIT_NAME));
    }

    /**
     * What baselines learn from.
     *
     * @return each user's training interactions, in any order of the users
     */
    JavaRDD<KnownUser> train() {
        return rows(sequences.select(SEQUENCE))
                .map(row -> Sequence.of(row.getStruct(0, Sequence.WIDTH)).known(List.of(Tables.TRAIN), NONE));
    }

    /**
     * The candidate lists of a split.
     *
     * @param split validation or test
     * @param seen the splits whose interactions a list's user is known by
     * @return in the order of users, items and interactions, on any cluster
     */
    JavaRDD<CandidateItems> lists(String split, List<String> seen) {
        Dataset<Row> lists = ParquetTables.read(spark, work.path(Tables.CANDIDATES + "/" + split));
        Column candidates = concat(array(lists.col(Tables.ITEM_INDEX)), lists.col(Tables.NEGATIVES));
        return rows(lists.join(sequences, Tables.USER_INDEX)
                        .sort(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.INTERACTION)
                        .select(SEQUENCE, col(Tables.INTERACTION), col(Tables.LABEL), candidates))
                .map(row -> new CandidateItems(
                        Sequence.of(row.getStruct(0, Sequence.WIDTH)).known(seen, row.getLong(1)),
                        row.getInt(2),
                        row.getArray(3).toIntArray()));
    }

    /** Spark's own rows, in which an array of numbers is one block of memory. */
    private static JavaRDD<InternalRow> rows(Dataset<Row> table) {
        return table.queryExecution().toRdd().toJavaRDD();
    }

    /** A user's interactions in order. */
    private record Sequence(int user, long[] interactions, int[] items, int[] labels, int[] splits) {

        static final int WIDTH = 5;

        static Sequence of(InternalRow row) {
            return new Sequence(
                    row.getInt(0),
                    row.getArray(1).toLongArray(),
                    row.getArray(2).toIntArray(),
                    row.getArray(3).toIntArray(),
                    row.getArray(4).toIntArray());
        }

        /** The interactions of some splits, but for the one to be ranked. */
        KnownUser known(List<String> seen, long ranked) {
            int[] kept = IntStream.range(0, items.length)
                    .filter(i -> seen.contains(Tables.SPLITS.get(splits[i])) && interactions[i] != ranked)
                    .toArray();
            int place = IntStream.range(0, items.length)
                    .filter(i -> interactions[i] == ranked)
                    .findFirst()
                    .orElse(items.length);
            return new KnownUser(
                    user,
                    IntStream.of(kept).map(i -> items[i]).toArray(),
                    IntStream.of(kept).map(i -> labels[i]).toArray(),
                    (int) IntStream.of(kept).filter(i -> i < place).count());
        }
    }

    @Override
    public void close() {
        sequences.unpersist();
    }
}
