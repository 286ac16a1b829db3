package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.BatchNorm;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import java.util.ArrayList;
import java.util.List;

/** The hidden layers of a deep network: each linear, batch normalization, activation and dropout. */
public final class HiddenLayers {

    private static final float MOMENTUM = 0.9f;
    private static final float EPSILON = 1e-5f;
    private static final float DROPPED = -1e30f;

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
     * @param input B rows of the input size
     * @param training whether units are dropped and batch statistics are used and tracked
     * @return shape (B, H)
     */
    public NDArray forward(LayerInput input, boolean training) {
        NDArray hidden = unscaled(input, training);
        return scale(training) == 1 ? hidden : Scale.by(hidden, scale(training));
    }

    /**
     * Applies the layers, and a linear output.
     *
     * @param input B rows of the input size
     * @param training whether units are dropped and batch statistics are used and tracked
     * @param weight shape (outputs, H)
     * @param bias shape (outputs)
     * @return shape (B, outputs)
     */
    NDArray forward(LayerInput input, boolean training, NDArray weight, NDArray bias) {
        return LayerInput.of(unscaled(input, training)).linear(scaled(weight, scale(training)), bias);
    }

    /** What is left of dropout's factor. */
    private double scale(boolean training) {
        return training ? layers.get(layers.size() - 1).dropout.scale() : 1;
    }

    private NDArray unscaled(LayerInput input, boolean training) {
        LayerInput next = input;
        NDArray hidden = null;
        double scale = 1;
        for (Layer layer : layers) {
            hidden = training
                    ? layer.train(next, scale)
                    : Activations.apply(activation, layer.folded().of(next));
            next = LayerInput.of(hidden);
            scale = layer.dropout.scale();
        }
        return hidden;
    }

    /**
     * The layers in inference, with a linear output.
     *
     * @param outputWeight shape (outputs, H)
     * @param outputBias shape (outputs)
     * @return the network with its weights as they are now
     */
    public FoldedDnn folded(NDArray outputWeight, NDArray outputBias) {
        List<FoldedDnn.Layer> folded = new ArrayList<>();
        layers.forEach(layer -> folded.add(layer.folded()));
        folded.add(new FoldedDnn.Layer(outputWeight.duplicate(), outputBias.duplicate()));
        return new FoldedDnn(activation, folded);
    }

    /** Dropout's factor belongs to all of a layer's output; the next layer's weights are fewer numbers. */
    private static NDArray scaled(NDArray weight, double scale) {
        return scale == 1 ? weight : Scale.by(weight, scale);
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
            weight = parameters.trained(
                    name + ".linear.weight",
                    new Shape(units, inputs),
                    config.init().initializer());
            bias = parameters.trained(name + ".linear.bias", new Shape(units), Initializer.ZEROS);
            boolean norm = config.useBatchNorm();
            String prefix = name + ".batch_norm.";
            Shape shape = new Shape(units);
            scale = norm ? parameters.trained(prefix + "weight", shape, Initializer.ONES) : null;
            shift = norm ? parameters.trained(prefix + "bias", shape, Initializer.ZEROS) : null;
            runningMean = norm ? parameters.buffer(prefix + "running_mean", shape, Initializer.ZEROS) : null;
            runningVar = norm ? parameters.buffer(prefix + "running_var", shape, Initializer.ONES) : null;
            dropout = new Dropout(config.dropout());
            parameters.random(dropout::seed);
        }

        /** All but dropout's factor, which {@code inputScale} is for the layer before. */
        NDArray train(LayerInput input, double inputScale) {
            NDArray weights = scaled(weight.array(), inputScale);
            return activate(scale == null ? input.linear(weights, bias.array()) : normalized(input, weights));
        }

        /**
         * The linear layer's bias goes away with the batch's mean, whatever it is, and so is left out. It counts for the mean that
         * is tracked, {@code r = m r + (1 - m) (mean + bias)}: beforehand and so divided by m, as the engine keeps what it tracked
         * for the way back. So a network goes forward once in a pass.
         */
        private NDArray normalized(LayerInput input, NDArray weights) {
            runningMean.array().addi(bias.array().stopGradient().mul((1 - MOMENTUM) / MOMENTUM));
            // Axis -1 spares two transpositions: for (B, H) it is the axis that PyTorch normalizes.
            return BatchNorm.batchNorm(
                            input.linear(weights, null),
                            runningMean.array(),
                            runningVar.array(),
                            scale.array(),
                            shift.array(),
                            -1,
                            MOMENTUM,
                            EPSILON,
                            true)
                    .singletonOrThrow();
        }

        private NDArray activate(NDArray hidden) {
            if (!dropout.drops()) {
                return Activations.apply(activation, hidden);
            }
            if (activation == Activation.RELU) {
                // Far below zero, a unit is dropped by the activation itself, and its gradient too.
                dropout.drop(hidden, DROPPED);
                return Activations.apply(activation, hidden);
            }
            NDArray mask = hidden.getManager().ones(hidden.getShape());
            dropout.drop(mask, 0f);
            return Activations.apply(activation, hidden).mul(mask);
        }

        /** Batch normalization is a factor and a summand per unit, which go into the weights. */
        FoldedDnn.Layer folded() {
            if (scale == null) {
                return new FoldedDnn.Layer(
                        weight.array().duplicate(), bias.array().duplicate());
            }
            NDArray variance = runningVar.array();
            NDArray factor = scale.array()
                    .div(variance.add(variance.getManager().full(new Shape(1), EPSILON))
                            .sqrt());
            return new FoldedDnn.Layer(
                    weight.array().mul(factor.expandDims(1)),
                    bias.array().sub(runningMean.array()).mul(factor).add(shift.array()));
        }
    }
}
