package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import io.deepfm.config.Activation;
import io.deepfm.config.CinConfig;
import io.deepfm.model.layer.Parameters.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * The compressed interaction network (CIN): layer k makes feature maps of explicit interactions of order k + 1.
 *
 * <pre>x^k_n = act(sum_{h,f} W^k_{n,hf} (x^{k-1}_h * x^0_f) + b^k_n)</pre>
 *
 * <p>{@code *} is the product element by element, over the D numbers of two vectors. The maps that go to the output are
 * summed over D. With the identity as activation the sum commutes with the layer, so those maps need only the dot
 * products {@code <x^{k-1}_h, x^0_f>}: D times fewer operations than making the maps first.
 *
 * @see <a href="https://arxiv.org/abs/1803.05170">Lian et al., xDeepFM, 2018, equations 6 to 8</a>
 */
public final class CompressedInteractionNetwork {

    private final boolean splitHalf;
    private final Activation activation;
    private final List<Layer> layers = new ArrayList<>();
    private final Parameter outputWeight;
    private final Parameter outputBias;

    /** A layer's weight has shape (N, H * F): column h * F + f pairs hidden map h with field f. */
    private record Layer(Parameter weight, Parameter bias, int maps) {}

    /**
     * @param parameters where the weights are declared
     * @param fields the number of fields F
     * @param config the layers
     */
    public CompressedInteractionNetwork(Parameters parameters, int fields, CinConfig config) {
        this.splitHalf = config.splitHalf();
        this.activation = config.activation();
        int hidden = fields;
        int pooled = 0;
        for (int maps : config.layerSizes()) {
            String name = "cin." + layers.size();
            boolean last = layers.size() + 1 == config.layerSizes().size();
            layers.add(new Layer(
                    parameters.trained(name + ".weight", new Shape(maps, (long) hidden * fields), Parameters.LINEAR),
                    parameters.trained(name + ".bias", new Shape(maps), Parameters.ZEROS),
                    maps));
            hidden = splitHalf ? maps / 2 : maps;
            pooled += splitHalf && !last ? maps - hidden : maps;
        }
        outputWeight = parameters.trained("cin.output.weight", new Shape(1, pooled), Parameters.LINEAR);
        outputBias = parameters.trained("cin.output.bias", new Shape(1), Parameters.ZEROS);
    }

    /**
     * Applies the network.
     *
     * @param input the fields' vectors, shape (B, F, D)
     * @return shape (B, 1)
     */
    public NDArray forward(NDArray input) {
        // D stands before the maps throughout, so that a layer is one matrix product over B * D rows.
        NDArray first = input.transpose(0, 2, 1);
        NDArray hidden = first;
        NDList pooled = new NDList();
        for (int k = 0; k < layers.size(); k++) {
            Layer layer = layers.get(k);
            boolean last = k + 1 == layers.size();
            long toNext = last ? 0 : splitHalf ? layer.maps() / 2 : layer.maps();
            long toOutput = splitHalf && !last ? toNext : 0;
            if (activation == Activation.IDENTITY) {
                pooled.add(pooledMaps(layer, hidden, first, toOutput));
                hidden = last ? null : maps(layer, hidden, first, toNext);
            } else {
                NDArray maps = maps(layer, hidden, first, layer.maps());
                pooled.add(maps.get(new NDIndex(":, :, {}:", toOutput)).sum(new int[] {1}));
                hidden = last ? null : maps.get(new NDIndex(":, :, :{}", toNext));
            }
        }
        NDArray all = pooled.size() == 1 ? pooled.get(0) : NDArrays.concat(pooled, 1);
        return linear(all, outputWeight.array(), outputBias.array());
    }

    /** The first maps of a layer, shape (B, D, count). */
    private NDArray maps(Layer layer, NDArray hidden, NDArray first, long count) {
        long rows = hidden.getShape().get(0);
        long dim = hidden.getShape().get(1);
        NDArray products = hidden.expandDims(3).mul(first.expandDims(2)).reshape(rows * dim, -1);
        NDArray maps = linear(products, firstRows(layer.weight(), count), firstRows(layer.bias(), count));
        return Activations.apply(activation, maps.reshape(rows, dim, count));
    }

    /** The layer's maps from {@code start} on, summed over D: by dot products alone, shape (B, maps - start). */
    private NDArray pooledMaps(Layer layer, NDArray hidden, NDArray first, long start) {
        long rows = hidden.getShape().get(0);
        long dim = hidden.getShape().get(1);
        NDArray dots = hidden.transpose(0, 2, 1).matMul(first).reshape(rows, -1);
        NDArray weight =
                start == 0 ? layer.weight().array() : layer.weight().array().get(new NDIndex("{}:", start));
        NDArray bias = start == 0 ? layer.bias().array() : layer.bias().array().get(new NDIndex("{}:", start));
        return linear(dots, weight, Scale.by(bias, dim));
    }

    private static NDArray firstRows(Parameter parameter, long count) {
        return count == parameter.shape().get(0)
                ? parameter.array()
                : parameter.array().get(new NDIndex(":{}", count));
    }

    private static NDArray linear(NDArray input, NDArray weight, NDArray bias) {
        return Linear.linear(input, weight, bias).singletonOrThrow();
    }
}
