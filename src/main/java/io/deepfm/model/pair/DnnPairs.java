package io.deepfm.model.pair;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
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

    private static final int ALIGNED = 4;

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
        listWeight = aligned(items.of(Side.LIST, first));
        itemWeight = aligned(items.of(Side.ITEM, first));
    }

    /**
     * A copy with columns of zeros up to a multiple of {@value #ALIGNED}: where rows begin at other places, MKL's kernels for
     * layers of few units round neighbouring rows differently, and equal rows must have equal logits.
     */
    private static NDArray aligned(NDArray array) {
        long missing = -array.getShape().get(1) & (ALIGNED - 1);
        return missing == 0
                ? array.duplicate()
                : array.concat(
                        array.getManager().zeros(new Shape(array.getShape().get(0), missing)), 1);
    }

    @Override
    public NDList constants() {
        NDList constants = network.constants();
        constants.addAll(new NDList(listWeight, itemWeight));
        return constants;
    }

    @Override
    public NDArray side(SideRows rows) {
        NDArray flat = aligned(rows.views().flat().whole());
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
