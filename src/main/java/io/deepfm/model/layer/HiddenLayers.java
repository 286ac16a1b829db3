package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import io.deepfm.model.layer.Parameters.Parameter;
import java.util.ArrayList;
import java.util.List;

/** The hidden layers of a deep network: each linear, batch normalization, activation and dropout. */
public final class HiddenLayers {

    private static final float MOMENTUM = 0.9f;
    private static final float EPSILON = 1e-5f;

    private final Activation activation;
    private final List<Layer> layers = new ArrayList<>();
    private final int outputSize;

    /**
     * @param parameters where the weights are declared, as {@code dnn.<i>}
     * @param inputSize the width of the input
     * @param config the layers
     */
    public HiddenLayers(Parameters parameters, int inputSize, DnnConfig config) {
        activation = config.activation();
        int size = inputSize;
        for (int units : config.hiddenUnits()) {
            layers.add(new Layer(parameters, "dnn." + layers.size(), size, units, config));
            size = units;
        }
        outputSize = size;
    }

    /**
     * The width of the last layer.
     *
     * @return H
     */
    public int outputSize() {
        return outputSize;
    }

    /**
     * Applies the layers.
     *
     * @param input shape (B, input size)
     * @param training whether units are dropped and batch statistics are used and tracked
     * @return shape (B, H)
     */
    public NDArray forward(NDArray input, boolean training) {
        NDArray hidden = input;
        for (Layer layer : layers) {
            hidden = layer.forward(hidden, training);
        }
        return hidden;
    }

    private final class Layer {
        private final Parameter weight;
        private final Parameter bias;
        private final Parameter scale;
        private final Parameter shift;
        private final Parameter runningMean;
        private final Parameter runningVar;
        private final Dropout dropout;

        Layer(Parameters parameters, String name, int inputs, int units, DnnConfig config) {
            weight = parameters.trained(name + ".linear.weight", new Shape(units, inputs), Parameters.XAVIER_UNIFORM);
            bias = parameters.trained(name + ".linear.bias", new Shape(units), Parameters.ZEROS);
            boolean norm = config.useBatchNorm();
            String prefix = name + ".batch_norm.";
            Shape shape = new Shape(units);
            scale = norm ? parameters.trained(prefix + "weight", shape, Parameters.ONES) : null;
            shift = norm ? parameters.trained(prefix + "bias", shape, Parameters.ZEROS) : null;
            runningMean = norm ? parameters.tracked(prefix + "running_mean", shape, Parameters.ZEROS) : null;
            runningVar = norm ? parameters.tracked(prefix + "running_var", shape, Parameters.ONES) : null;
            dropout = parameters.dropout(config.dropout());
        }

        NDArray forward(NDArray input, boolean training) {
            NDArray hidden = Linear.linear(input, weight.array(), bias.array()).singletonOrThrow();
            if (scale != null) {
                // Axis -1 spares two transpositions: for (B, H) it is the axis that PyTorch normalizes.
                hidden = BatchNorm.batchNorm(
                                hidden,
                                runningMean.array(),
                                runningVar.array(),
                                scale.array(),
                                shift.array(),
                                -1,
                                MOMENTUM,
                                EPSILON,
                                training)
                        .singletonOrThrow();
            }
            return dropout.forward(Activations.apply(activation, hidden), training);
        }
    }
}
