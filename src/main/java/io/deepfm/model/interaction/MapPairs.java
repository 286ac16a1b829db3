package io.deepfm.model.interaction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.deepfm.model.embedding.ItemColumns;
import io.deepfm.model.embedding.Side;
import io.deepfm.model.embedding.SideRows;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.model.pair.Pairs;
import io.deepfm.model.pair.Pairs.Run;
import java.util.ArrayList;
import java.util.List;

/**
 * The compressed interaction network with relu over pairs. A list's fields u are the same for all of its items, so that within a
 * list each layer's products with them are one matrix, and only those with the item's fields v are made pair by pair:
 *
 * <pre>sum_{h,f} W_hf (x_h * x^0_f) = sum_h x_h (sum_u W_hu u) + sum_{h,v} W_hv (x_h * v)</pre>
 *
 * <p>In the first layer x is u and v, so that what is in u alone is a number per map, and x is v. Short lists go the way of rows.
 */
final class MapPairs implements PairTerm.Joint {

    /** Pairs at a time; a list of fewer is short. */
    private static final int TILE = 64;

    /**
     * A layer of N maps over H hidden ones.
     *
     * @param lists what makes (H, N) of p fields of a list, shape (p, H * N)
     * @param items the weights of products with q fields of an item, shape (H * q, N)
     * @param bias shape (N)
     * @param output what the maps weigh in the output, 0 for those that do not go there, shape (N, heads)
     * @param next how many maps feed the next layer
     */
    private record Layer(NDArray lists, NDArray items, NDArray bias, NDArray output, int next) {}

    private final FieldPairs rows;
    private final List<Layer> layers = new ArrayList<>();
    private final NDArray listProducts;
    private final NDArray outputBias;

    /**
     * @param rows the network pair by pair
     * @param network its layers
     * @param outputWeight shape (heads, P)
     * @param outputBias shape (heads), not a parameter's own array
     */
    MapPairs(
            FieldPairs rows,
            List<CompressedInteractionNetwork.Layer> network,
            NDArray outputWeight,
            NDArray outputBias) {
        this.rows = rows;
        this.outputBias = outputBias;
        ItemColumns columns = rows.items();
        CompressedInteractionNetwork.Layer first = network.get(0);
        long maps = first.weight().shape().get(0);
        long fields = (long) Math.sqrt(first.weight().shape().get(1));
        // (N, H, u) and (N, H, v), of which H is u and v again in the first layer.
        NDArray withLists = part(columns, Side.LIST, first.weight().array(), fields);
        NDArray withItems = part(columns, Side.ITEM, first.weight().array(), fields);
        NDArray mixed = swapped(last(columns, Side.LIST, withItems)).add(last(columns, Side.ITEM, withLists));
        listProducts = weights(last(columns, Side.LIST, withLists), maps);
        for (CompressedInteractionNetwork.Layer layer : network) {
            boolean isFirst = layer == first;
            NDArray weight = layer.weight().array();
            layers.add(new Layer(
                    lists(isFirst ? mixed : swapped(part(columns, Side.LIST, weight, fields))),
                    weights(
                            isFirst ? last(columns, Side.ITEM, withItems) : part(columns, Side.ITEM, weight, fields),
                            layer.weight().shape().get(0)),
                    layer.bias().array().duplicate(),
                    output(layer, outputWeight),
                    layer.toNext()));
        }
    }

    /** Of (N, H * F) the columns of one side, shape (N, H, S). */
    private static NDArray part(ItemColumns columns, Side side, NDArray weight, long fields) {
        long maps = weight.getShape().get(0);
        long hidden = weight.getShape().get(1) / fields;
        return columns.of(side, weight.reshape(-1, fields)).reshape(maps, hidden, -1);
    }

    /** Of (N, F, S) the fields of a side, as the last axis: shape (N, S, fields of the side). */
    private static NDArray last(ItemColumns columns, Side side, NDArray array) {
        NDArray turned = swapped(array);
        Shape shape = turned.getShape();
        return columns.of(side, turned.reshape(-1, shape.get(2))).reshape(shape.get(0), shape.get(1), -1);
    }

    private static NDArray swapped(NDArray array) {
        return array.transpose(0, 2, 1);
    }

    /** (N, p, H), which is (map, list's field, hidden), to (p, H * N). */
    private static NDArray lists(NDArray array) {
        return array.transpose(1, 2, 0).reshape(array.getShape().get(1), -1);
    }

    /** (N, H, S) to (H * S, N). */
    private static NDArray weights(NDArray array, long maps) {
        return array.transpose(1, 2, 0).reshape(-1, maps);
    }

    private static NDArray output(CompressedInteractionNetwork.Layer layer, NDArray outputWeight) {
        NDArray weights = layer.outputWeights(outputWeight).transpose();
        return layer.toOutput() == 0
                ? weights.duplicate()
                : weights.getManager()
                        .zeros(new Shape(layer.toOutput(), weights.getShape().get(1)))
                        .concat(weights);
    }

    @Override
    public NDList constants() {
        NDList constants = new NDList(listProducts, outputBias);
        layers.forEach(
                layer -> constants.addAll(new NDList(layer.lists(), layer.items(), layer.bias(), layer.output())));
        return constants;
    }

    @Override
    public NDArray side(SideRows side) {
        return rows.side(side);
    }

    @Override
    public NDArray logits(NDArray lists, NDArray items, Pairs pairs) {
        if (pairs.items() == null) {
            return rows.logits(lists, items, pairs);
        }
        NDList results = new NDList();
        int done = 0;
        List<Run> runs = pairs.runs();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            boolean isLong = run.length() >= TILE;
            // Short ones share tiles.
            while (!isLong && i + 1 < runs.size() && runs.get(i + 1).length() < TILE) {
                i++;
            }
            int end = runs.get(i).end();
            tiles(lists, items, pairs, isLong ? run : null, done, end, results);
            done = end;
        }
        int rest = (int) pairs.lists().size() - done;
        if (rest > 0) {
            results.add(lists.getManager().zeros(new Shape(rest, outputBias.size())));
        }
        return NDArrays.concat(results);
    }

    /** Some pairs, of one list or of short ones. All tiles have one size, and may reach into other lists' pairs in vain. */
    private void tiles(NDArray lists, NDArray items, Pairs pairs, Run run, int start, int end, NDList results) {
        NDList ofList = new NDList();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            long dim =
                    items.getShape().get(1) / (rows.items().end() - rows.items().start());
            if (run != null) {
                ofList.addAll(matrices(lists.get(run.list()).reshape(-1, dim).transpose()));
            }
            for (int from = start; from < end; from += TILE) {
                int first = (int) Math.min(from, pairs.lists().size() - TILE);
                Pairs tile = pairs.slice(first, first + TILE);
                NDArray logits = run == null
                        ? rows.logits(lists, items, tile)
                        : forward(
                                ofList,
                                tile.ofItems(items).reshape(TILE, -1, dim).transpose(2, 0, 1));
                NDArray wanted = logits.get(new NDIndex("{}:{}", from - first, Math.min(from + TILE, end) - first));
                NDScope.unregister(wanted);
                results.add(wanted);
            }
        }
        results.subList(results.size() - (end - start + TILE - 1) / TILE, results.size())
                .forEach(NDScope::register);
    }

    /** What all pairs of a list share, of its fields u, shape (D, p): the first layer's summand (D, 1, N), each layer's (D, H, N). */
    private NDList matrices(NDArray u) {
        long dim = u.getShape().get(0);
        NDArray products = u.expandDims(2).mul(u.expandDims(1)).reshape(dim, -1);
        NDList matrices = new NDList(
                products.matMul(listProducts).add(layers.get(0).bias()).expandDims(1));
        for (Layer layer : layers) {
            matrices.add(u.matMul(layer.lists())
                    .reshape(dim, -1, layer.bias().getShape().get(0)));
        }
        return matrices;
    }

    /** The logits of a tile with the item's fields v, shape (D, T, q): shape (T, heads). */
    private NDArray forward(NDList ofList, NDArray v) {
        NDArray x = v;
        NDArray sum = null;
        for (int k = 0; k < layers.size(); k++) {
            Layer layer = layers.get(k);
            NDArray products = x.expandDims(3)
                    .mul(v.expandDims(2))
                    .reshape(-1, layer.items().getShape().get(0));
            NDArray linear = x.matMul(ofList.get(k + 1));
            linear.addi(products.matMul(layer.items()).reshape(linear.getShape()))
                    .addi(k == 0 ? ofList.get(0) : layer.bias());
            NDArray maps = Activation.relu(linear);
            NDArray weighted = maps.matMul(layer.output());
            sum = sum == null ? weighted : sum.addi(weighted);
            x = layer.next() == maps.getShape().get(2) || layer.next() == 0
                    ? maps
                    : maps.split(new long[] {layer.next()}, 2).get(0);
        }
        return sum.sum(new int[] {0}).addi(outputBias);
    }
}
