package io.deepfm.model.pair;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.core.Linear;
import io.deepfm.model.embedding.ItemColumns;
import io.deepfm.model.embedding.Side;
import io.deepfm.model.embedding.SideRows;
import io.deepfm.model.layer.FoldedDnn;

/**
 * The deep network over pairs. The first layer is linear in what comes in, so that a pair's product with its weights is the
 * sum of its sides':
 *
 * <pre>W [u, v] + b = (W_u u + b) + W_v v</pre>
 */
public final class DnnPairs implements PairTerm.Joint {

    private final FoldedDnn network;
    private final NDArray listWeight;
    private final NDArray itemWeight;

    /**
     * @param network the network
     * @param items the item's columns of the input
     */
    public DnnPairs(FoldedDnn network, ItemColumns items) {
        this.network = network;
        NDArray first = network.layers().get(0).weight();
        listWeight = items.of(Side.LIST, first);
        itemWeight = items.of(Side.ITEM, first);
    }

    @Override
    public NDList constants() {
        NDList constants = network.constants();
        constants.addAll(new NDList(listWeight, itemWeight));
        return constants;
    }

    @Override
    public NDArray side(SideRows rows) {
        NDArray flat = rows.views().flat().whole();
        return rows.side() == Side.LIST
                ? Linear.linear(flat, listWeight, network.layers().get(0).bias())
                        .singletonOrThrow()
                : Linear.linear(flat, itemWeight).singletonOrThrow();
    }

    @Override
    public NDArray logits(NDArray lists, NDArray items, Pairs pairs) {
        return network.afterFirst(pairs.sum(lists, items));
    }
}
