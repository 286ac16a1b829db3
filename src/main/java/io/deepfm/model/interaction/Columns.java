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

    /** Some numbers per column to as many per row, their sums over the elements: (H, B * D) to (B, H). */
    static NDArray sum(NDArray columns, long rows) {
        return columns.reshape(columns.getShape().get(0), rows, -1)
                .sum(new int[] {2})
                .transpose();
    }

    /** The numbers of a row to each of its columns: (B, H) to (H, B * D). */
    static NDArray repeat(NDArray rows, long dim) {
        long count = rows.getShape().get(0);
        long heads = rows.getShape().get(1);
        return rows.transpose().expandDims(2).broadcast(heads, count, dim).reshape(heads, -1);
    }

    /** All pairs of a hidden map and a field: (H, R) and (F, R) to (H * F, R). */
    static NDArray products(NDArray hidden, NDArray first) {
        return hidden.expandDims(1)
                .mul(first.expandDims(0))
                .reshape(-1, first.getShape().get(1));
    }
}
