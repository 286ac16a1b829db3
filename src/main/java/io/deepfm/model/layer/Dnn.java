package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;

/** The deep network: hidden layers, then one output for each head. */
public final class Dnn {

    private final HiddenLayers hidden;
    private final Parameter outputWeight;
    private final Parameter outputBias;

    /**
     * @param parameters where the weights are declared
     * @param inputSize the width of the input
     * @param outputs the number of logits H
     * @param config the layers
     */
    public Dnn(Parameters parameters, int inputSize, int outputs, DnnConfig config) {
        hidden = new HiddenLayers(parameters, inputSize, config);
        outputWeight = parameters.trained(
                "dnn.output.weight",
                new Shape(outputs, hidden.outputSize()),
                config.init().initializer());
        outputBias = parameters.trained("dnn.output.bias", new Shape(outputs), Initializer.ZEROS);
    }

    /**
     * Applies the network.
     *
     * @param input B rows of the input size
     * @param training whether units are dropped and batch statistics are used and updated
     * @return shape (B, H)
     */
    public NDArray forward(LayerInput input, boolean training) {
        return hidden.forward(input, training, outputWeight.array(), outputBias.array());
    }

    /**
     * The network in inference.
     *
     * @return with its weights as they are now
     */
    public FoldedDnn folded() {
        return hidden.folded(outputWeight.array(), outputBias.array());
    }
}
