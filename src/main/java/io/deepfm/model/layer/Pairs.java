package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * B pairs of a list and an item: where to find the rows of their sides. The pairs of a list follow each other.
 *
 * @param lists the list of each, shape (B)
 * @param items the item of each, shape (B); null where row i of the items' side belongs to pair i
 * @param ends after which pairs another list begins, ascending
 * @param first the list of the first pair
 */
public record Pairs(NDArray lists, NDArray items, long[] ends, int first) {

    /** Lists of at least so many pairs are worth an operation each. */
    private static final int LONG = 64;

    /**
     * What is known of lists, for each pair.
     *
     * @param rows shape (L, K)
     * @return shape (B, K)
     */
    public NDArray ofLists(NDArray rows) {
        return FeatureEmbedding.gather(rows, lists);
    }

    /**
     * What is known of items, for each pair.
     *
     * @param rows shape (R, K)
     * @return shape (B, K)
     */
    public NDArray ofItems(NDArray rows) {
        return items == null ? rows : FeatureEmbedding.gather(rows, items);
    }

    /**
     * The sum of both sides.
     *
     * @param listRows shape (L, K)
     * @param itemRows shape (R, K)
     * @return shape (B, K), a new array
     */
    public NDArray sum(NDArray listRows, NDArray itemRows) {
        if (items == null || !areLong()) {
            return ofLists(listRows).addi(ofItems(itemRows));
        }
        NDArray sum = ofItems(itemRows);
        NDList runs = runs(sum);
        for (int i = 0; i < runs.size(); i++) {
            runs.get(i).addi(listRows.get(first + i));
        }
        return sum;
    }

    /**
     * The product of both sides, element by element.
     *
     * @param listRows shape (L, K)
     * @param itemRows shape (R, K)
     * @return shape (B, K), a new array
     */
    public NDArray product(NDArray listRows, NDArray itemRows) {
        return ofLists(listRows).muli(ofItems(itemRows));
    }

    private boolean areLong() {
        return lists.size() >= LONG * (ends.length + 1);
    }

    private NDList runs(NDArray rows) {
        return ends.length == 0 ? new NDList(rows) : rows.split(ends, 0);
    }
}
