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
import java.util.function.IntFunction;

/**
 * The compressed interaction network with relu over pairs. A list's fields u are the same for all of its items, so that within a
 * list they belong to the weights, and only products with the item's fields v are made pair by pair:
 *
 * <pre>sum_{h,f} W_hf (x_h * x^0_f) = sum_{h,z} W'_hz (x_h * z),   z = 1, v,   W'_h1 = sum_u W_hu u,   W'_hv = W_hv</pre>
 *
 * <p>In the first layer x is u and v. There u belongs to the weights once more, and x is z. Short lists go the way of rows.
 */
final class MapPairs implements PairTerm.Joint {

    /** Pairs at a time, so that all that stands between stays in the cache. */
    private static final int TILE = 64;

    /** A list of fewer pairs is short: alone in its tile it would take longer than they as rows. */
    private static final int LONG = TILE / 2;

    /**
     * A layer of N maps over H hidden ones, with the number 1 and q fields of an item as z.
     *
     * @param lists what makes the weights of products with 1, shape (H, N), of p fields of a list: (p, H * N); of the first
     *     layer those of the products of v with 1, shape (q, N)
     * @param items the weights of the products with v, shape (1, q * H, N); in the first layer H counts the number 1 too
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
        listProducts = last(columns, Side.LIST, withLists).transpose(1, 2, 0).reshape(-1, maps);
        for (CompressedInteractionNetwork.Layer layer : network) {
            boolean isFirst = layer == first;
            NDArray weight = layer.weight().array();
            layers.add(new Layer(
                    lists(isFirst ? mixed : swapped(part(columns, Side.LIST, weight, fields))),
                    items(
                            isFirst
                                    ? afterZeros(last(columns, Side.ITEM, withItems))
                                    : swapped(part(columns, Side.ITEM, weight, fields))),
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

    /** (N, q, H), which is (map, item's field, hidden), to (1, q * H, N). */
    private static NDArray items(NDArray array) {
        return array.transpose(1, 2, 0).reshape(1, -1, array.getShape().get(0));
    }

    /** (N, q, q) to (N, q, 1 + q): the products of v with 1 are with the list's. */
    private static NDArray afterZeros(NDArray array) {
        Shape shape = array.getShape();
        return array.getManager()
                .zeros(new Shape(shape.get(0), shape.get(1), 1))
                .concat(array, 2);
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
        NDArray z = factors(pairs.ofItems(items));
        int size = (int) pairs.lists().size();
        NDList results = new NDList();
        List<Run> runs = pairs.runs();
        int start = 0;
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            if (run.length() >= LONG) {
                long dim = z.getShape().get(1);
                try (NDList weights = weights(lists.get(run.list()).reshape(-1, dim))) {
                    tiles(first -> forward(weights, z.get(tile(first))), start, run.end(), size, results);
                }
            } else {
                // Short ones share tiles.
                while (i + 1 < runs.size() && runs.get(i + 1).length() < LONG) {
                    i++;
                }
                tiles(
                        first -> rows.logits(lists, items, pairs.slice(first, first + TILE)),
                        start,
                        runs.get(i).end(),
                        size,
                        results);
            }
            start = runs.get(i).end();
        }
        if (start < size) {
            results.add(lists.getManager().zeros(new Shape(size - start, outputBias.size())));
        }
        return NDArrays.concat(results);
    }

    /** 1 and the fields of items, shape (R, q * D), element by element: shape (R, D, 1 + q). */
    private NDArray factors(NDArray items) {
        long count = items.getShape().get(0);
        NDArray v = items.reshape(count, rows.items().end() - rows.items().start(), -1)
                .transpose(0, 2, 1);
        return v.getManager().ones(new Shape(count, v.getShape().get(1), 1)).concat(v, 2);
    }

    private static NDIndex tile(int first) {
        return new NDIndex("{}:{}", first, first + TILE);
    }

    /** Adds logits of some pairs. All tiles have one size, and may reach into other lists' pairs in vain. */
    private static void tiles(IntFunction<NDArray> logits, int start, int end, int size, NDList results) {
        for (int from = start; from < end; from += TILE) {
            int first = Math.min(from, size - TILE);
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                results.add(logits.apply(first)
                        .get(new NDIndex("{}:{}", from - first, Math.min(from + TILE, end) - first)));
                NDScope.unregister(results.get(results.size() - 1));
            }
            NDScope.register(results.get(results.size() - 1));
        }
    }

    /** Each layer's weights W' for a list's fields u, shape (p, D): shape (D, (1 + q) * H, N) in the order (z, h). */
    private NDList weights(NDArray u) {
        NDList weights = new NDList();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray columns = u.transpose();
            long dim = columns.getShape().get(0);
            NDArray products = columns.expandDims(2).mul(columns.expandDims(1)).reshape(dim, -1);
            NDArray constant = products.matMul(listProducts).add(layers.get(0).bias());
            for (Layer layer : layers) {
                long maps = layer.bias().size();
                NDList parts = new NDList(
                        columns.matMul(layer.lists()).reshape(dim, -1, maps),
                        layer.items().broadcast(dim, layer.items().getShape().get(1), maps));
                if (weights.isEmpty()) {
                    parts.add(0, constant.expandDims(1));
                }
                weights.add(NDArrays.concat(parts, 1));
            }
            NDScope.unregister(weights);
        }
        return weights;
    }

    /** The logits of a tile with z, shape (T, D, 1 + q), and a list's weights: shape (T, heads). */
    private NDArray forward(NDList weights, NDArray factors) {
        NDArray z = factors.transpose(1, 0, 2);
        NDArray x = z;
        NDArray sum = null;
        for (int k = 0; k < layers.size(); k++) {
            Layer layer = layers.get(k);
            NDArray maps = maps(x, z, weights.get(k), k == 0 ? null : layer.bias());
            NDArray weighted = maps.sum(new int[] {0}).matMul(layer.output());
            sum = sum == null ? weighted : sum.addi(weighted);
            x = layer.next() == maps.getShape().get(2) || layer.next() == 0
                    ? maps
                    : maps.split(new long[] {layer.next()}, 2).get(0);
        }
        return sum.addi(outputBias);
    }

    /** A layer's maps, shape (D, T, N), of x, shape (D, T, H), and z. What stands between is freed while it is in the cache. */
    private static NDArray maps(NDArray x, NDArray z, NDArray weights, NDArray bias) {
        try (NDArray pairs = x.expandDims(2).mul(z.expandDims(3));
                NDArray products = pairs.reshape(x.getShape().get(0), TILE, -1);
                NDArray linear = products.matMul(weights)) {
            return Activation.relu(bias == null ? linear : linear.addi(bias));
        }
    }
}
