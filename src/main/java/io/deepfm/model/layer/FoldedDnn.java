package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

/**
 * A deep network in inference, with its weights as they were when it was made. Batch normalization is a factor and a summand
 * per unit, which are in the weights.
 *
 * @param activation stands after each layer but the last
 * @param layers the hidden layers and the output
 */
public record FoldedDnn(Activation activation, List<Layer> layers) {

    /**
     * A layer up to its activation.
     *
     * @param weight shape (H, input size), no parameter's own array
     * @param bias shape (H), no parameter's own array
     */
    public record Layer(NDArray weight, NDArray bias) {

        /** B rows of the input size to (B, H). */
        NDArray of(LayerInput input) {
            return input.linear(weight, bias);
        }
    }

    /**
     * The weights.
     *
     * @return arrays of the network's own
     */
    public NDList constants() {
        NDList constants = new NDList();
        layers.forEach(layer -> constants.addAll(new NDList(layer.weight(), layer.bias())));
        return constants;
    }

    /**
     * Applies the network.
     *
     * @param input shape (B, input size)
     * @return shape (B, outputs)
     */
    public NDArray forward(NDArray input) {
        return afterFirst(layers.get(0).of(LayerInput.of(input)));
    }

    /**
     * Applies what follows the first layer.
     *
     * @param first the first layer's result before its activation, shape (B, H)
     * @return shape (B, outputs)
     */
    public NDArray afterFirst(NDArray first) {
        NDArray hidden = first;
        for (Layer layer : layers.subList(1, layers.size())) {
            hidden = layer.of(LayerInput.of(Activations.apply(activation, hidden)));
        }
        return hidden;
    }
}
