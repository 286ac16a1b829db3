package io.deepfm.model.interaction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.deepfm.model.layer.Activation;
import io.deepfm.model.layer.Activations;
import io.deepfm.model.layer.Parameters;
import io.deepfm.model.layer.Parameters.Parameter;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.layer.Scale;
import java.util.ArrayList;
import java.util.List;

/**
 * The compressed interaction network (CIN): layer k makes feature maps of explicit interactions of order k + 1.
 *
 * <pre>x^k_n = act(sum_{h,f} W^k_{n,hf} (x^{k-1}_h * x^0_f) + b^k_n)</pre>
 *
 * <p>{@code *} is the product element by element, over the D numbers of two vectors. The maps that go to the output are
 * summed over D and weighted. With the identity as activation, sum and weights commute with the layer, so that these maps
 * need not be made:
 *
 * <pre>sum_n w_n sum_d x^k_n = sum_d sum_f x^0_f (sum_h C_hf x^{k-1}_h) + const,   C_hf = sum_n w_n W^k_{n,hf}</pre>
 *
 * <p>Nor need those of the last layer but one, which then nothing but C reads: C is multiplied into their weights.
 *
 * @see <a href="https://arxiv.org/abs/1803.05170">Lian et al., xDeepFM, 2018, equations 6 to 8</a>
 */
public final class CompressedInteractionNetwork {

    /** Rows at a time where maps are made, so that all products of pairs of some hundred columns stay in the cache. */
    private static final int CHUNK = 64;

    private final int fields;
    private final Activation activation;
    private final List<Layer> layers = new ArrayList<>();
    private final Parameter outputWeight;
    private final Parameter outputBias;

    /**
     * A layer of N maps: those before {@code toNext} feed the next layer, those from {@code toOutput} on the output, where
     * their weights begin at {@code start}. Column h * F + f of the weight, shape (N, H * F), pairs hidden map h with field f.
     */
    private record Layer(Parameter weight, Parameter bias, int toNext, int toOutput, int start) {
        NDArray next(Parameter parameter) {
            return parameter.array().get(new NDIndex(":{}", toNext));
        }

        NDArray output(Parameter parameter) {
            return parameter.array().get(new NDIndex("{}:", toOutput));
        }

        int outputs() {
            return (int) weight.shape().get(0) - toOutput;
        }
    }

    /**
     * @param parameters where the weights are declared
     * @param fields the number of fields F
     * @param config the layers
     */
    public CompressedInteractionNetwork(Parameters parameters, int fields, CinConfig config) {
        this.fields = fields;
        this.activation = config.activation();
        int hidden = fields;
        int pooled = 0;
        for (int maps : config.layerSizes()) {
            String name = "cin." + layers.size();
            boolean last = layers.size() + 1 == config.layerSizes().size();
            Layer layer = new Layer(
                    parameters.trained(name + ".weight", new Shape(maps, (long) hidden * fields), Parameters.LINEAR),
                    parameters.trained(name + ".bias", new Shape(maps), Parameters.ZEROS),
                    last ? 0 : config.splitHalf() ? maps / 2 : maps,
                    last || !config.splitHalf() ? 0 : maps / 2,
                    pooled);
            layers.add(layer);
            hidden = layer.toNext();
            pooled += layer.outputs();
        }
        outputWeight = parameters.trained("cin.output.weight", new Shape(1, pooled), Parameters.LINEAR);
        outputBias = parameters.trained("cin.output.bias", new Shape(1), Parameters.ZEROS);
    }

    /**
     * Applies the network.
     *
     * @param input the fields' vectors, shape (B, F, D)
     * @param pass the pass
     * @return shape (B, 1)
     */
    public NDArray forward(NDArray input, Pass pass) {
        return activation == Activation.IDENTITY ? term(input) : pass.inChunks(input, CHUNK, this::term);
    }

    /** The whole of it for B rows, as the engine differentiates it. */
    NDArray term(NDArray input) {
        long rows = input.getShape().get(0);
        // The B * D elements stand last: a layer is one matrix product, and what goes element by element is fast.
        NDArray first = input.transpose(1, 0, 2).reshape(fields, -1);
        NDArray pooled = activation == Activation.IDENTITY ? withoutMaps(first, rows) : withMaps(first, rows);
        return pooled.add(outputBias.array());
    }

    /** As the equation says, for the fields in shape (F, B * D). */
    private NDArray withMaps(NDArray first, long rows) {
        NDArray hidden = first;
        NDArray sum = null;
        for (Layer layer : layers) {
            NDArray maps = Activations.apply(
                    activation,
                    linear(
                            layer.weight().array(),
                            products(hidden, first),
                            layer.bias().array()));
            NDArray weighted = outputWeights(layer).matMul(maps.get(new NDIndex("{}:", layer.toOutput())));
            sum = sum == null ? weighted : sum.add(weighted);
            hidden = maps.get(new NDIndex(":{}", layer.toNext()));
        }
        return sum.reshape(rows, -1).sum(new int[] {1}, true);
    }

    /** By the sum over the layers of {@code x^0_f (sum_h C_hf x^{k-1}_h)}, for the fields in shape (F, B * D). */
    private NDArray withoutMaps(NDArray first, long rows) {
        NDArray hidden = first;
        NDArray sum = coefficients(layers.get(0)).matMul(first);
        for (int k = 1; k < layers.size(); k++) {
            Layer before = layers.get(k - 1);
            NDArray weight = before.next(before.weight());
            NDArray bias = before.next(before.bias());
            NDArray products = products(hidden, first);
            NDArray c = coefficients(layers.get(k));
            if (k + 1 < layers.size()) {
                hidden = linear(weight, products, bias);
                sum = sum.add(c.matMul(hidden));
            } else {
                sum = sum.add(linear(c.matMul(weight), products, c.matMul(bias)));
            }
        }
        NDArray pooled = sum.mul(first).sum(new int[] {0}).reshape(rows, -1);
        long dim = pooled.getShape().get(1);
        return pooled.sum(new int[] {1}, true).add(Scale.by(weightedBias(), dim));
    }

    /** C of a layer, shape (F, H). */
    private NDArray coefficients(Layer layer) {
        return outputWeights(layer)
                .matMul(layer.output(layer.weight()))
                .reshape(-1, fields)
                .transpose();
    }

    /** The biases of all maps that go to the output, weighted, shape (1). */
    private NDArray weightedBias() {
        NDArray sum = outputBias.array().zerosLike();
        for (Layer layer : layers) {
            sum = sum.add(outputWeights(layer).matMul(layer.output(layer.bias())));
        }
        return sum;
    }

    /** What the maps of a layer weigh in the output, shape (1, N). */
    private NDArray outputWeights(Layer layer) {
        return outputWeight.array().get(new NDIndex(":, {}:{}", layer.start(), layer.start() + layer.outputs()));
    }

    /** All pairs of a hidden map and a field: (H, R) and (F, R) to (H * F, R). */
    private static NDArray products(NDArray hidden, NDArray first) {
        return hidden.expandDims(1)
                .mul(first.expandDims(0))
                .reshape(-1, first.getShape().get(1));
    }

    private static NDArray linear(NDArray weight, NDArray input, NDArray bias) {
        return weight.matMul(input).add(bias.expandDims(1));
    }
}
