package io.deepfm.scoring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** The rows of a partition, turned into others a batch at a time, so that memory does not grow with the partition. */
final class BatchedRows implements Iterator<Row> {

    private final Iterator<Row> inputs;
    private final int batchSize;
    private final Function<List<Row>, List<Row>> turned;
    private Iterator<Row> outputs = Collections.emptyIterator();

    /**
     * @param inputs the partition
     * @param batchSize the most rows per batch
     * @param turned gives a row for each row of a batch
     */
    BatchedRows(Iterator<Row> inputs, int batchSize, Function<List<Row>, List<Row>> turned) {
        this.inputs = inputs;
        this.batchSize = batchSize;
        this.turned = turned;
    }

    @Override
    public boolean hasNext() {
        return outputs.hasNext() || inputs.hasNext();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (!outputs.hasNext()) {
            List<Row> batch = new ArrayList<>();
            while (batch.size() < batchSize && inputs.hasNext()) {
                batch.add(inputs.next());
            }
            outputs = turned.apply(batch).iterator();
        }
        return outputs.next();
    }
}
