package io.deepfm.data.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The least and the greatest of some values over a source's good rows.
 *
 * @param rows how many rows there are, with the bad ones
 * @param goodRows how many of them are good
 * @param leftOut how many of them the source's condition leaves out
 * @param least by value, as text; null where no good row has one
 * @param greatest as {@code least}
 * @param blocks the blocks of the files and the number of rows of each, where they were asked for
 */
public record Extremes(
        long rows, long goodRows, long leftOut, List<String> least, List<String> greatest, List<Row> blocks) {

    /**
     * What to find the extremes of.
     *
     * @param low the least that a row has
     * @param high the greatest that a row has
     */
    public record Value(Column low, Column high) {

        /** One value in each row. */
        public static Value of(Column value) {
            return new Value(value, value);
        }
    }

    /**
     * Goes over the rows once; where they stand in blocks, block by block, and then over what was found in these.
     *
     * @param rows with {@link TableReader#PROBLEM}
     * @param block the columns that say which block a row stands in; none for all rows as one
     * @param values what to find the extremes of
     */
    static Extremes of(Dataset<Row> rows, List<String> block, List<Value> values) {
        Column isGood = col(TableReader.PROBLEM).isNull();
        Column isLeftOut = LeftOut.isLeftOut(col(TableReader.PROBLEM + ".reason"));
        List<Column> perBlock = new ArrayList<>(List.of(
                count(lit(1)).as("_rows"),
                count(when(isGood, 1)).as("_good"),
                count(when(isLeftOut, 1)).as("_left_out")));
        List<Column> total = new ArrayList<>(List.of(sum("_rows"), sum("_good"), sum("_left_out")));
        for (int i = 0; i < values.size(); i++) {
            Value value = values.get(i);
            Column least = min(when(isGood, value.low()));
            Column greatest = max(when(isGood, value.high()));
            // As text they could not be compared once more; where that is not needed, a job is saved.
            perBlock.add((block.isEmpty() ? least.cast("string") : least).as("_min" + i));
            perBlock.add((block.isEmpty() ? greatest.cast("string") : greatest).as("_max" + i));
            total.addAll(List.of(min("_min" + i).cast("string"), max("_max" + i).cast("string")));
        }
        if (block.isEmpty()) {
            return of(aggregated(rows, block, perBlock).collectAsList().get(0), values.size(), List.of());
        }
        Dataset<Row> blocks = aggregated(rows, block, perBlock);
        List<Row> found = blocks.collectAsList();
        Dataset<Row> again = rows.sparkSession().createDataFrame(found, blocks.schema());
        return of(aggregated(again, List.of(), total).head(), values.size(), found);
    }

    private static Extremes of(Row all, int values, List<Row> blocks) {
        return new Extremes(
                all.isNullAt(0) ? 0 : all.getLong(0),
                all.isNullAt(1) ? 0 : all.getLong(1),
                all.isNullAt(2) ? 0 : all.getLong(2),
                every(all, 3, values),
                every(all, 4, values),
                blocks);
    }

    private static Dataset<Row> aggregated(Dataset<Row> rows, List<String> by, List<Column> wanted) {
        return rows.groupBy(by.stream().map(name -> col(name)).toArray(Column[]::new))
                .agg(wanted.get(0), wanted.subList(1, wanted.size()).toArray(Column[]::new));
    }

    /** Every second column, which may hold nulls. */
    private static List<String> every(Row row, int first, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> row.getString(first + 2 * i))
                .collect(Collectors.toList());
    }
}
