package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;

/** Cuts an array into columns by one operation, whose gradient is put together by one. */
final class ColumnCut {
    private final NDArray array;
    private final List<NDList> targets = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();
    private long start;

    ColumnCut(NDArray array) {
        this.array = array;
    }

    void next(long width, NDList target) {
        start += width;
        ends.add(start);
        targets.add(target);
    }

    void split() {
        if (targets.size() == 1) {
            targets.get(0).add(array);
            return;
        }
        NDList parts = array.split(
                ends.stream().limit(ends.size() - 1).mapToLong(Long::longValue).toArray(), 1);
        for (int i = 0; i < parts.size(); i++) {
            targets.get(i).add(parts.get(i));
        }
    }

    /** Where the next begins. */
    long start() {
        return start;
    }
}
