package io.deepfm.model.interaction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import io.deepfm.model.embedding.ItemColumns;
import io.deepfm.model.layer.Scale;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Stacked multi-head self-attention over the fields of a row: which fields matter to which.
 *
 * <pre>x' = LayerNorm(x + W_o concat_heads(softmax(Q K^T / sqrt(head dim)) V))</pre>
 *
 * <p>Queries, keys and values are linear in x, so that two of the four products with weights go into the weights:
 *
 * <pre>
 * Q K^T = (x W_q^T + b_q) W_k x^T + (a number for each query, which the softmax ignores)
 * W_o softmax(..) V = softmax(..) x (W_o W_v)^T + W_o b_v
 * </pre>
 *
 * <p>No keys and no values are made, and as the heads of a field stand side by side in both products, nothing is
 * transposed. The key's bias has no effect, in the equation either.
 *
 * @see <a href="https://arxiv.org/abs/1810.11921">Song et al., AutoInt, 2019, equations 5 to 8</a>
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al., Attention is all you need, 2017, equation 1</a>
 */
public final class FieldAttention {

    private static final float EPSILON = 1e-5f;

    private final AttentionConfig config;
    private final int dim;
    private final List<Layer> layers = new ArrayList<>();

    private record Projection(Parameter weight, Parameter bias) {}

    /** A layer's weights, multiplied as above. */
    record Weights(
            NDArray queryOfKey,
            NDArray keyBias,
            NDArray outputOfValue,
            NDArray outputBias,
            NDArray normWeight,
            NDArray normBias) {

        NDList all() {
            return new NDList(queryOfKey, keyBias, outputOfValue, outputBias, normWeight, normBias);
        }
    }

    private record Layer(
            Projection query,
            Projection key,
            Projection value,
            Projection output,
            Parameter normWeight,
            Parameter normBias) {}

    /**
     * @param parameters where the weights are declared
     * @param dim the width D of a field's vector
     * @param config heads, width and layers
     */
    public FieldAttention(Parameters parameters, int dim, AttentionConfig config) {
        this.config = config;
        this.dim = dim;
        for (int i = 0; i < config.numLayers(); i++) {
            String name = "attention." + i + ".";
            layers.add(new Layer(
                    projection(parameters, name + "query", dim, config.attentionDim()),
                    projection(parameters, name + "key", dim, config.attentionDim()),
                    projection(parameters, name + "value", dim, config.attentionDim()),
                    projection(parameters, name + "output", config.attentionDim(), dim),
                    parameters.trained(name + "layer_norm.weight", new Shape(dim), Initializer.ONES),
                    parameters.trained(name + "layer_norm.bias", new Shape(dim), Initializer.ZEROS)));
        }
    }

    /**
     * Applies all layers.
     *
     * @param fields shape (B, F, D)
     * @return shape (B, F, D)
     */
    public NDArray forward(NDArray fields) {
        return forward(
                fields, layers.stream().map(layer -> weights(layer, false)).toList());
    }

    private NDArray forward(NDArray fields, List<Weights> weights) {
        NDArray x = fields;
        for (Weights layer : weights) {
            x = next(layer, x, looks(layer, x));
        }
        return x;
    }

    /**
     * How much the fields look at each other.
     *
     * @param fields shape (B, F, D)
     * @return of each layer shape (B, heads, F that look, F that are looked at), sums of 1 over the last axis
     */
    public NDList weights(NDArray fields) {
        NDList all = new NDList();
        NDArray x = fields;
        for (Layer layer : layers) {
            Weights weights = weights(layer, false);
            NDArray looks = looks(weights, x);
            long count = looks.getShape().get(1);
            all.add(looks.reshape(-1, count, count, config.numHeads()).transpose(0, 3, 2, 1));
            x = next(weights, x, looks);
        }
        return all;
    }

    private NDArray next(Weights layer, NDArray x, NDArray looks) {
        NDArray attended = attend(layer, x, looks);
        NDArray sum = config.useResidual() ? attended.add(x) : attended;
        return LayerNorm.layerNorm(sum, new Shape(dim), layer.normWeight(), layer.normBias(), EPSILON)
                .singletonOrThrow();
    }

    /**
     * All layers and then another network, over pairs.
     *
     * @param items the item's fields
     * @param network makes (B, 1) of the fields side by side, shape (B, F * D)
     * @param constants what it has prepared
     * @return the term
     */
    public PairTerm pairs(ItemColumns items, UnaryOperator<NDArray> network, NDList constants) {
        List<Weights> weights =
                layers.stream().map(layer -> weights(layer, true)).toList();
        NDList all = new NDList(constants);
        weights.forEach(layer -> all.addAll(layer.all()));
        return new FieldPairs(
                items,
                fields -> network.apply(
                        forward(fields, weights).reshape(fields.getShape().get(0), -1)),
                all);
    }

    private Weights weights(Layer layer, boolean copied) {
        NDArray normWeight = layer.normWeight().array();
        NDArray normBias = layer.normBias().array();
        return new Weights(
                queryOfKey(layer),
                keyBias(layer),
                outputOfValue(layer),
                outputBias(layer),
                copied ? normWeight.duplicate() : normWeight,
                copied ? normBias.duplicate() : normBias);
    }

    /**
     * Each field's weights of all fields, shape (B, F, F * heads): fields that are looked at stand before those that look, whose
     * heads are side by side. The softmax then runs beside itself, not in short rows.
     */
    private NDArray looks(Weights layer, NDArray x) {
        NDArray asked = linear(x.reshape(-1, dim), layer.queryOfKey(), layer.keyBias())
                .reshape(x.getShape().get(0), -1, dim);
        return x.matMul(asked.transpose(0, 2, 1)).softmax(1);
    }

    /** Scaled dot-product attention of all heads with its output projection, shape (B, F, D). */
    private NDArray attend(Weights layer, NDArray x, NDArray looks) {
        NDArray mixed = looks.transpose(0, 2, 1).matMul(x).reshape(-1, (long) config.numHeads() * dim);
        return linear(mixed, layer.outputOfValue(), layer.outputBias()).reshape(x.getShape());
    }

    /** {@code W_k^T W_q / sqrt(head dim)} of each head below each other, shape (heads * D, D). */
    private NDArray queryOfKey(Layer layer) {
        return scaledKeys(layer).matMul(heads(layer.query().weight())).reshape(-1, dim);
    }

    /** {@code W_k^T b_q / sqrt(head dim)} of each head, shape (heads * D). */
    private NDArray keyBias(Layer layer) {
        return scaledKeys(layer).matMul(heads(layer.query().bias())).reshape(-1);
    }

    private NDArray scaledKeys(Layer layer) {
        return Scale.by(heads(layer.key().weight()).transpose(0, 2, 1), 1 / Math.sqrt(headDim()));
    }

    /** {@code W_o W_v} of each head side by side, shape (D, heads * D). */
    private NDArray outputOfValue(Layer layer) {
        return outputHeads(layer)
                .matMul(heads(layer.value().weight()))
                .transpose(1, 0, 2)
                .reshape(dim, -1);
    }

    /** {@code b_o + W_o b_v}, shape (D): a head's weights sum to 1, so that the value's bias passes unweighted. */
    private NDArray outputBias(Layer layer) {
        return layer.output()
                .weight()
                .array()
                .matMul(layer.value().bias().array())
                .add(layer.output().bias().array());
    }

    /** (heads * head dim, N) to (heads, head dim, N). */
    private NDArray heads(Parameter parameter) {
        return parameter.array().reshape(config.numHeads(), headDim(), -1);
    }

    /** The output's weight, shape (D, heads * head dim), to (heads, D, head dim). */
    private NDArray outputHeads(Layer layer) {
        return layer.output()
                .weight()
                .array()
                .reshape(dim, config.numHeads(), headDim())
                .transpose(1, 0, 2);
    }

    private long headDim() {
        return config.attentionDim() / config.numHeads();
    }

    private static NDArray linear(NDArray input, NDArray weight, NDArray bias) {
        return Linear.linear(input, weight, bias).singletonOrThrow();
    }

    private static Projection projection(Parameters parameters, String name, int inputs, int outputs) {
        return new Projection(
                parameters.trained(name + ".weight", new Shape(outputs, inputs), Initializer.XAVIER_UNIFORM),
                parameters.trained(name + ".bias", new Shape(outputs), Initializer.ZEROS));
    }
}
