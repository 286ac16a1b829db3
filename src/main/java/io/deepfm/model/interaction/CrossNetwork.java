package io.deepfm.model.interaction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import io.deepfm.model.embedding.ItemColumns;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import java.util.ArrayList;
import java.util.List;

/**
 * The cross network with full matrices: each layer multiplies the input into what the layers before it made.
 *
 * <pre>x_{l+1} = x_0 * (W_l x_l + b_l) + x_l</pre>
 *
 * <p>{@code *} is the product element by element. Layer l's weights are {@code cross.<l>.weight}, shape (d, d), and {@code
 * cross.<l>.bias}, shape (d).
 *
 * @see <a href="https://arxiv.org/abs/2008.13535">Wang et al., DCN V2, 2021, equation 1</a>
 */
public final class CrossNetwork {

    private final List<Layer> layers = new ArrayList<>();

    private record Layer(Parameter weight, Parameter bias) {}

    /**
     * @param parameters where the weights are declared
     * @param size the width d of the input
     * @param config the layers
     */
    public CrossNetwork(Parameters parameters, int size, CrossConfig config) {
        for (int i = 0; i < config.numCrossLayers(); i++) {
            layers.add(new Layer(
                    parameters.trained("cross." + i + ".weight", new Shape(size, size), Initializer.XAVIER_UNIFORM),
                    parameters.trained("cross." + i + ".bias", new Shape(size), Initializer.ZEROS)));
        }
    }

    /**
     * Applies all layers.
     *
     * @param input shape (B, d)
     * @return shape (B, d)
     */
    public NDArray forward(NDArray input) {
        NDArray x = input;
        for (Layer layer : layers) {
            x = Linear.linear(x, layer.weight().array(), layer.bias().array())
                    .singletonOrThrow()
                    .mul(input)
                    .add(x);
        }
        return x;
    }

    /**
     * The network over pairs, with a linear output.
     *
     * @param outputWeight shape (outputs, d)
     * @param items the item's columns of the input
     * @return the term
     */
    public PairTerm pairs(NDArray outputWeight, ItemColumns items) {
        NDList weights = new NDList();
        for (Layer layer : layers) {
            weights.add(layer.weight().array().duplicate());
            weights.add(layer.bias().array().duplicate());
        }
        return new CrossPairs(weights, outputWeight.duplicate(), items);
    }
}
