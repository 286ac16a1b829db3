package io.deepfm.scoring;

import io.deepfm.inference.Batches;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The rows of a partition, turned into others a batch at a time, so that memory does not grow with the partition. */
final class RowBatches {

    private RowBatches() {}

    /**
     * Turns batches of rows.
     *
     * @param batches the partition
     * @param turned gives the rows that come of a batch
     * @return the rows of one batch after the other; a batch is turned when the first of its rows is asked for
     */
    static Iterator<Row> mapped(Batches<Row> batches, Function<List<Row>, List<Row>> turned) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(batches, 0), false)
                .flatMap(batch -> turned.apply(batch).stream())
                .iterator();
    }

    /**
     * A row with one more column.
     *
     * @param row the row
     * @param value the last column's value
     * @return a new row
     */
    static Row with(Row row, Object value) {
        Object[] values = new Object[row.length() + 1];
        for (int column = 0; column < row.length(); column++) {
            values[column] = row.get(column);
        }
        values[row.length()] = value;
        return RowFactory.create(values);
    }
}
