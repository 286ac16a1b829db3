package io.deepfm.scoring.task;

import io.deepfm.inference.Batches;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;

/** The rows of a partition, turned into others a batch at a time, so that memory does not grow with the partition. */
public final class RowBatches {

    private RowBatches() {}

    /**
     * Turns batches of rows.
     *
     * @param batches the partition
     * @param turned gives the rows that come of a batch
     * @return the rows of one batch after the other; a batch is turned when the first of its rows is asked for
     */
    public static Iterator<Row> mapped(Batches<Row> batches, Function<List<Row>, List<Row>> turned) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(batches, 0), false)
                .flatMap(batch -> turned.apply(batch).stream())
                .iterator();
    }
}
