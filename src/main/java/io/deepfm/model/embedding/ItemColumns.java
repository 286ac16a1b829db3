package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;

/**
 * Which of an array's columns are the item's. Columns are in the order of the groups, so that a user's stand before them
 * and the context's after them.
 *
 * @param start the first
 * @param end after the last
 */
public record ItemColumns(long start, long end) {

    /**
     * The columns of one side, such as those of a weight that belong to its inputs.
     *
     * @param array shape (N, W)
     * @param side the side
     * @return shape (N, columns of the side)
     */
    public NDArray of(Side side, NDArray array) {
        NDArray items = array.get(new NDIndex(":, {}:{}", start, end));
        if (side == Side.ITEM) {
            return items;
        }
        NDArray before = array.get(new NDIndex(":, :{}", start));
        NDArray after = array.get(new NDIndex(":, {}:", end));
        return before.concat(after, 1);
    }

    /**
     * The columns of both sides in order.
     *
     * @param lists the columns of {@link Side#LIST}, shape (B, V)
     * @param items the columns of {@link Side#ITEM}, shape (B, W - V)
     * @return shape (B, W)
     */
    public NDArray join(NDArray lists, NDArray items) {
        if (start == 0 || start == lists.getShape().get(1)) {
            return start == 0 ? items.concat(lists, 1) : lists.concat(items, 1);
        }
        NDList around = lists.split(new long[] {start}, 1);
        return NDArrays.concat(new NDList(around.get(0), items, around.get(1)), 1);
    }

    /**
     * The same columns where each is a vector.
     *
     * @param dim its width
     * @return the columns of the vectors' elements
     */
    public ItemColumns times(long dim) {
        return new ItemColumns(start * dim, end * dim);
    }
}
