package io.deepfm.model.interaction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.core.Linear;
import io.deepfm.model.embedding.ItemColumns;
import io.deepfm.model.embedding.Side;
import io.deepfm.model.embedding.SideRows;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.model.pair.Pairs;

/** The cross network over pairs. The first layer's product with its weights is the sum of both sides' products. */
final class CrossPairs implements PairTerm.Joint {

    private final NDList weights;
    private final NDArray outputWeight;
    private final ItemColumns items;
    private final NDArray listWeight;
    private final NDArray itemWeight;

    /**
     * @param weights each layer's weight, shape (d, d), and bias, shape (d), at least one layer's
     * @param outputWeight shape (outputs, d)
     * @param items the item's columns of the input
     */
    CrossPairs(NDList weights, NDArray outputWeight, ItemColumns items) {
        this.weights = weights;
        this.outputWeight = outputWeight;
        this.items = items;
        listWeight = items.of(Side.LIST, weights.get(0));
        itemWeight = items.of(Side.ITEM, weights.get(0));
    }

    @Override
    public NDList constants() {
        NDList constants = new NDList(weights);
        constants.addAll(new NDList(outputWeight, listWeight, itemWeight));
        return constants;
    }

    /** The input, and beside it its product with the first layer's weights. */
    @Override
    public NDArray side(SideRows rows) {
        NDArray flat = rows.views().flat().whole();
        NDArray product = rows.side() == Side.LIST
                ? Linear.linear(flat, listWeight, weights.get(1)).singletonOrThrow()
                : Linear.linear(flat, itemWeight).singletonOrThrow();
        return flat.concat(product, 1);
    }

    @Override
    public NDArray logits(NDArray lists, NDArray itemRows, Pairs pairs) {
        long width = outputWeight.getShape().get(1);
        NDList ofLists = lists.split(new long[] {lists.getShape().get(1) - width}, 1);
        NDList ofItems = itemRows.split(new long[] {itemRows.getShape().get(1) - width}, 1);
        NDArray input = items.join(pairs.ofLists(ofLists.get(0)), pairs.ofItems(ofItems.get(0)));
        NDArray x = pairs.sum(ofLists.get(1), ofItems.get(1)).muli(input).addi(input);
        for (int i = 2; i < weights.size(); i += 2) {
            x = Linear.linear(x, weights.get(i), weights.get(i + 1))
                    .singletonOrThrow()
                    .muli(input)
                    .addi(x);
        }
        return Linear.linear(x, outputWeight).singletonOrThrow();
    }
}
