package io.deepfm.model.pair;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.deepfm.model.embedding.FeatureEmbedding;
import java.util.List;

/**
 * B pairs of a list and an item: where to find the rows of their sides.
 *
 * @param lists the list of each, shape (B)
 * @param items the item of each, shape (B); null where row i of the items' side belongs to pair i
 * @param runs pairs of one list that follow each other, in order, without those that only fill up
 */
public record Pairs(NDArray lists, NDArray items, List<Run> runs) {

    /**
     * The pairs of a list.
     *
     * @param list the list
     * @param start the first pair
     * @param end after the last pair
     * @param length how many the list has altogether
     */
    public record Run(int list, int start, int end, int length) {}

    /**
     * Some of the pairs.
     *
     * @param start the first
     * @param end after the last
     * @return them, without their runs
     */
    public Pairs slice(int start, int end) {
        NDIndex rows = new NDIndex("{}:{}", start, end);
        return new Pairs(lists.get(rows), items.get(rows), List.of());
    }

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
        return ofLists(listRows).addi(ofItems(itemRows));
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
}
