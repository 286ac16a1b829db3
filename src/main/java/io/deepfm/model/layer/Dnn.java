package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;

/** The deep network: hidden layers, then one output. */
public final class Dnn {

    private final HiddenLayers hidden;
    private final Parameter outputWeight;
    private final Parameter outputBias;

    /**
     * @param parameters where the weights are declared
     * @param inputSize the width of the input
     * @param config the layers
     */
    public Dnn(Parameters parameters, int inputSize, DnnConfig config) {
        hidden = new HiddenLayers(parameters, inputSize, config);
        outputWeight =
                parameters.trained("dnn.output.weight", new Shape(1, hidden.outputSize()), Initializer.XAVIER_UNIFORM);
        outputBias = parameters.trained("dnn.output.bias", new Shape(1), Initializer.ZEROS);
    }

    /**
     * Applies the network.
     *
     * @param input shape (B, input size)
     * @param training whether units are dropped and batch statistics are used and updated
     * @return shape (B, 1)
     */
    public NDArray forward(NDArray input, boolean training) {
        return Linear.linear(hidden.forward(input, training), outputWeight.array(), outputBias.array())
                .singletonOrThrow();
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
