package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import io.deepfm.model.layer.Parameters.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * Stacked multi-head self-attention over the fields of a row: which fields matter to which.
 *
 * <pre>x' = LayerNorm(x + W_o concat_heads(softmax(Q K^T / sqrt(head dim)) V))</pre>
 *
 * @see <a href="https://arxiv.org/abs/1810.11921">Song et al., AutoInt, 2019, equations 5 to 8</a>
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al., Attention is all you need, 2017, equation 1</a>
 */
public final class FieldAttention {

    private static final float EPSILON = 1e-5f;

    private final AttentionConfig config;
    private final int dim;
    private final List<Layer> layers = new ArrayList<>();

    private record Projection(Parameter weight, Parameter bias) {
        NDArray apply(NDArray input) {
            return Linear.linear(input, weight.array(), bias.array()).singletonOrThrow();
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
                    parameters.trained(name + "layer_norm.weight", new Shape(dim), Parameters.ONES),
                    parameters.trained(name + "layer_norm.bias", new Shape(dim), Parameters.ZEROS)));
        }
    }

    /**
     * Applies all layers.
     *
     * @param fields shape (B, F, D)
     * @return shape (B, F, D)
     */
    public NDArray forward(NDArray fields) {
        NDArray x = fields;
        for (Layer layer : layers) {
            NDArray attended = layer.output().apply(attend(layer, x));
            NDArray sum = config.useResidual() ? attended.add(x) : attended;
            x = LayerNorm.layerNorm(
                            sum,
                            new Shape(dim),
                            layer.normWeight().array(),
                            layer.normBias().array(),
                            EPSILON)
                    .singletonOrThrow();
        }
        return x;
    }

    /** Scaled dot-product attention of all heads, shape (B, F, attention dim). */
    private NDArray attend(Layer layer, NDArray x) {
        long rows = x.getShape().get(0);
        long count = x.getShape().get(1);
        long headDim = config.attentionDim() / config.numHeads();
        NDArray query = Scale.by(heads(layer.query().apply(x), headDim), 1 / Math.sqrt(headDim));
        NDArray key = heads(layer.key().apply(x), headDim);
        NDArray value = heads(layer.value().apply(x), headDim);
        NDArray weights = query.matMul(key.transpose(0, 1, 3, 2)).softmax(-1);
        return weights.matMul(value).transpose(0, 2, 1, 3).reshape(rows, count, config.attentionDim());
    }

    /** (B, F, heads * head dim) to (B, heads, F, head dim). */
    private NDArray heads(NDArray x, long headDim) {
        return x.reshape(x.getShape().get(0), x.getShape().get(1), config.numHeads(), headDim)
                .transpose(0, 2, 1, 3);
    }

    private static Projection projection(Parameters parameters, String name, int inputs, int outputs) {
        return new Projection(
                parameters.trained(name + ".weight", new Shape(outputs, inputs), Parameters.XAVIER_UNIFORM),
                parameters.trained(name + ".bias", new Shape(outputs), Parameters.ZEROS));
    }
}
