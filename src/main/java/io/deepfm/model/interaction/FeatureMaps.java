package io.deepfm.model.interaction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Activation;
import io.deepfm.model.interaction.CompressedInteractionNetwork.Layer;
import io.deepfm.model.layer.Pass;
import java.util.ArrayList;
import java.util.List;

/**
 * The compressed interaction network with relu, map by map as its equation says, some rows at a time.
 *
 * <p>The maps are kept for the way back, but not the products of all pairs, which are F times as many and cheap to make
 * again.
 *
 * <p>The inputs are the fields, shape (B, F, D), the output's weight (heads, P), then each layer's weight (N, H * F) and bias (N).
 */
final class FeatureMaps implements Pass.Term {

    /** Rows at a time, so that all products of pairs of some hundred columns stay in the cache. */
    private static final int CHUNK = 64;

    private final List<Layer> layers;
    private final boolean goesBack;
    private final List<NDList> kept = new ArrayList<>();

    FeatureMaps(List<Layer> layers, boolean goesBack) {
        this.layers = layers;
        this.goesBack = goesBack;
    }

    @Override
    public NDArray forward(NDList inputs) {
        NDList results = new NDList();
        for (NDArray rows : Columns.chunks(inputs.get(0), CHUNK)) {
            NDList all = new NDList();
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray x = Columns.of(rows);
                NDArray hidden = x;
                NDArray sum = null;
                for (int k = 0; k < layers.size(); k++) {
                    Layer layer = layers.get(k);
                    NDArray linear = weight(inputs, k)
                            .matMul(Columns.products(hidden, x))
                            .addi(bias(inputs, k));
                    NDArray maps = Activation.relu(linear);
                    NDArray weighted = layer.outputWeights(inputs.get(1)).matMul(layer.output(maps));
                    sum = sum == null ? weighted : sum.addi(weighted);
                    hidden = layer.next(maps);
                    all.add(maps);
                }
                results.add(Columns.sum(sum, rows.getShape().get(0)));
                NDScope.unregister(results.get(results.size() - 1));
                if (goesBack) {
                    NDScope.unregister(all);
                    kept.add(all);
                }
            }
        }
        results.forEach(NDScope::register);
        kept.forEach(maps -> maps.forEach(NDScope::register));
        return NDArrays.concat(results);
    }

    @Override
    public NDList backward(NDList inputs, NDArray gradient) {
        NDList chunks = Columns.chunks(inputs.get(0), CHUNK);
        NDList gradients = Columns.chunks(gradient, CHUNK);
        NDList sums = new NDList();
        inputs.subList(1, inputs.size()).forEach(input -> sums.add(input.zerosLike()));
        NDList fields = new NDList();
        for (int i = 0; i < chunks.size(); i++) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray rows = chunks.get(i);
                NDArray g = Columns.repeat(gradients.get(i), rows.getShape().get(2));
                NDArray slope = backward(inputs, sums, Columns.of(rows), kept.get(i), g);
                fields.add(Columns.back(slope, rows.getShape().get(0)));
                NDScope.unregister(fields.get(i));
            }
        }
        fields.forEach(NDScope::register);
        NDList all = new NDList(NDArrays.concat(fields));
        all.addAll(sums);
        return all;
    }

    /** Adds to the weights' gradients and gives that of the columns, shape (F, R). */
    private NDArray backward(NDList inputs, NDList sums, NDArray x, NDList all, NDArray g) {
        NDArray slope = x.zerosLike();
        NDArray next = null;
        for (int k = layers.size() - 1; k >= 0; k--) {
            Layer layer = layers.get(k);
            NDArray hidden = k == 0 ? x : layers.get(k - 1).next(all.get(k - 1));
            NDArray maps = all.get(k);
            layer.outputWeights(sums.get(0)).addi(g.matMul(layer.output(maps).transpose()));
            NDArray output = layer.outputWeights(inputs.get(1)).transpose().matMul(g);
            // Relu's slope: 1 where a map is above 0.
            NDArray back = layer.both(next, output).muli(maps.sign());
            NDArray products = Columns.products(hidden, x);
            sums.get(1 + 2 * k).addi(back.matMul(products.transpose()));
            sums.get(2 + 2 * k).addi(back.sum(new int[] {1}));
            NDArray pairs = weight(inputs, k)
                    .transpose()
                    .matMul(back)
                    .reshape(hidden.getShape().get(0), x.getShape().get(0), -1);
            next = pairs.mul(x.expandDims(0)).sum(new int[] {1});
            slope.addi(pairs.muli(hidden.expandDims(1)).sum(new int[] {0}));
        }
        return slope.addi(next);
    }

    private static NDArray weight(NDList inputs, int layer) {
        return inputs.get(2 + 2 * layer);
    }

    private static NDArray bias(NDList inputs, int layer) {
        return inputs.get(3 + 2 * layer).expandDims(1);
    }
}
