package io.deepfm.model.interaction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.stream.LongStream;

/**
 * Fields' vectors with the elements last: shape (F, R) with R = B * D, so that a product over fields is one matrix product
 * and what goes element by element runs along the memory.
 */
final class Columns {

    private Columns() {}

    /** Some rows at a time, shape (N, ...) each. */
    static NDList chunks(NDArray rows, int size) {
        long[] starts = LongStream.iterate(
                        size, start -> start < rows.getShape().get(0), start -> start + size)
                .toArray();
        return starts.length == 0 ? new NDList(rows) : rows.split(starts, 0);
    }

    /** (B, F, D) to (F, B * D). */
    static NDArray of(NDArray fields) {
        return fields.transpose(1, 0, 2).reshape(fields.getShape().get(1), -1);
    }

    /** (F, B * D) to (B, F, D). */
    static NDArray back(NDArray columns, long rows) {
        return columns.reshape(columns.getShape().get(0), rows, -1).transpose(1, 0, 2);
    }

    /** A number per column to one per row: (B * D) to (B, 1). */
    static NDArray sum(NDArray column, long rows) {
        return column.reshape(rows, -1).sum(new int[] {1}, true);
    }

    /** A number per row to each of its columns: (B, 1) to (1, B * D). */
    static NDArray repeat(NDArray rows, long dim) {
        return rows.broadcast(rows.getShape().get(0), dim).reshape(1, -1);
    }

    /** All pairs of a hidden map and a field: (H, R) and (F, R) to (H * F, R). */
    static NDArray products(NDArray hidden, NDArray first) {
        return hidden.expandDims(1)
                .mul(first.expandDims(0))
                .reshape(-1, first.getShape().get(1));
    }
}
