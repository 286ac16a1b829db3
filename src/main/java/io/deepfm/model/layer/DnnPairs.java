package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.core.Linear;
import java.util.List;

/**
 * The deep network over pairs. The first layer is linear in what comes in, so that a pair's product with its weights is the
 * sum of its sides':
 *
 * <pre>W [u, v] + b = (W_u u + b) + W_v v</pre>
 */
final class DnnPairs implements PairTerm.Joint {

    private final Activation activation;
    private final NDArray listWeight;
    private final NDArray itemWeight;
    private final NDArray firstBias;
    private final List<HiddenLayers.Folded> rest;

    /**
     * @param activation stands after each layer but the last
     * @param layers the hidden layers and the output
     * @param items the item's columns of the input
     */
    DnnPairs(Activation activation, List<HiddenLayers.Folded> layers, ItemColumns items) {
        this.activation = activation;
        HiddenLayers.Folded first = layers.get(0);
        listWeight = items.of(Side.LIST, first.weight());
        itemWeight = items.of(Side.ITEM, first.weight());
        firstBias = first.bias();
        rest = layers.subList(1, layers.size());
    }

    @Override
    public NDList constants() {
        NDList constants = new NDList(listWeight, itemWeight, firstBias);
        rest.forEach(layer -> constants.addAll(new NDList(layer.weight(), layer.bias())));
        return constants;
    }

    @Override
    public NDArray side(SideRows rows) {
        NDArray flat = rows.views().flat();
        return rows.side() == Side.LIST
                ? Linear.linear(flat, listWeight, firstBias).singletonOrThrow()
                : Linear.linear(flat, itemWeight).singletonOrThrow();
    }

    @Override
    public NDArray logits(NDArray lists, NDArray items, Pairs pairs) {
        NDArray hidden = pairs.sum(lists, items);
        for (HiddenLayers.Folded layer : rest) {
            hidden = layer.of(Activations.apply(activation, hidden));
        }
        return hidden;
    }
}
