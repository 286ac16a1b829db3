package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * Columns of a batch of B rows, many of which may share one row, as those of a user or of a group do.
 *
 * @param values the rows, shape (R, W)
 * @param rows which of them is that of each row of the batch, integers, shape (B); null where R = B and row i is batch row i
 */
public record SharedRows(NDArray values, NDArray rows) {

    /**
     * The number of columns.
     *
     * @return W
     */
    public long width() {
        return values.getShape().get(1);
    }

    /**
     * A copy for each row of the batch. On the way back the gradients of a row are added up sorted, in a third of the time that
     * an embedding's take.
     *
     * @return shape (B, W)
     */
    public NDArray gathered() {
        return rows == null ? values : gathered(values);
    }

    /** The same of other columns of these rows. */
    NDArray gathered(NDArray others) {
        NDArray index = rows.toType(DataType.INT64, false).expandDims(1);
        return others.gather(index.broadcast(rows.size(), others.getShape().get(1)), 0);
    }

    /** Whether two rows of the batch or more share one, on average. */
    boolean areFew() {
        return rows != null && 2 * values.getShape().get(0) <= rows.size();
    }
}
