package io.deepfm.model.interaction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.deepfm.model.embedding.ItemColumns;
import io.deepfm.model.layer.Activation;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.layer.Scale;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
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

    private final int fields;
    private final Activation activation;
    private final List<Layer> layers = new ArrayList<>();
    private final Parameter outputWeight;
    private final Parameter outputBias;

    /**
     * A layer of N maps: those before {@code toNext} feed the next layer, those from {@code toOutput} on the output, where
     * their weights begin at {@code start}. Column h * F + f of the weight, shape (N, H * F), pairs hidden map h with field f.
     */
    record Layer(Parameter weight, Parameter bias, int toNext, int toOutput, int start) {

        /** Of an array with a row per map those that feed the next layer. */
        NDArray next(NDArray maps) {
            return maps.get(new NDIndex(":{}", toNext));
        }

        /** Of an array with a row per map those that go to the output. */
        NDArray output(NDArray maps) {
            return maps.get(new NDIndex("{}:", toOutput));
        }

        /** What the layer's maps weigh in the output, of shape (heads, P) the layer's part. */
        NDArray outputWeights(NDArray all) {
            return all.get(new NDIndex(":, {}:{}", start, start + outputs()));
        }

        /** A row per map from those of {@link #next}, null in the last layer, and those of {@link #output}. */
        NDArray both(NDArray next, NDArray output) {
            return next == null ? output : toOutput == 0 ? output.addi(next) : next.concat(output);
        }

        int outputs() {
            return (int) weight.shape().get(0) - toOutput;
        }
    }

    /**
     * @param parameters where the weights are declared
     * @param fields the number of fields F
     * @param heads the number of logits
     * @param config the layers
     */
    public CompressedInteractionNetwork(Parameters parameters, int fields, int heads, CinConfig config) {
        this.fields = fields;
        this.activation = config.activation();
        int hidden = fields;
        int pooled = 0;
        for (int maps : config.layerSizes()) {
            String name = "cin." + layers.size();
            boolean last = layers.size() + 1 == config.layerSizes().size();
            Layer layer = new Layer(
                    parameters.trained(name + ".weight", new Shape(maps, (long) hidden * fields), Initializer.LINEAR),
                    parameters.trained(name + ".bias", new Shape(maps), Initializer.ZEROS),
                    last ? 0 : config.splitHalf() ? maps / 2 : maps,
                    last || !config.splitHalf() ? 0 : maps / 2,
                    pooled);
            layers.add(layer);
            hidden = layer.toNext();
            pooled += layer.outputs();
        }
        outputWeight = parameters.trained("cin.output.weight", new Shape(heads, pooled), Initializer.LINEAR);
        outputBias = parameters.trained("cin.output.bias", new Shape(heads), Initializer.ZEROS);
    }

    /**
     * Applies the network.
     *
     * @param input the fields' vectors, shape (B, F, D)
     * @param pass the pass
     * @return shape (B, heads)
     */
    public NDArray forward(NDArray input, Pass pass) {
        NDArray term;
        if (activation == Activation.RELU) {
            term = pass.apply(new FeatureMaps(layers, pass.goesBack()), weights(input));
        } else if (layers.size() == 2) {
            term = cubic(input, pass);
        } else {
            NDList terms = new NDList();
            for (NDArray output : outputWeights()) {
                terms.add(withoutMaps(Columns.of(input), input.getShape().get(0), output));
            }
            term = terms.size() == 1 ? terms.get(0) : NDArrays.concat(terms, 1);
        }
        return term.add(outputBias.array());
    }

    private NDList weights(NDArray input) {
        NDList inputs = new NDList(input, outputWeight.array());
        layers.forEach(layer -> {
            inputs.add(layer.weight().array());
            inputs.add(layer.bias().array());
        });
        return inputs;
    }

    /**
     * The network over pairs.
     *
     * @param items the item's fields
     * @return its terms
     */
    public List<PairTerm> pairs(ItemColumns items) {
        if (activation != Activation.IDENTITY || layers.size() != 2) {
            FieldPairs rows = new FieldPairs(items, input -> forward(input, Pass.inference()), new NDList());
            return List.of(
                    activation == Activation.RELU
                            ? new MapPairs(
                                    rows,
                                    layers,
                                    outputWeight.array(),
                                    outputBias.array().duplicate())
                            : rows);
        }
        List<PairTerm> terms = new ArrayList<>();
        NDList weights = outputWeights();
        for (int head = 0; head < weights.size(); head++) {
            NDArray output = weights.get(head);
            NDArray bias = outputBias.array().get(new NDIndex("{}:{}", head, head + 1));
            terms.add(new CubicPairs(head, cubicCoefficients(output), weightedBias(output), bias.duplicate(), items));
        }
        return terms;
    }

    /** What all maps weigh in the output of each head, shape (1, P) each. */
    private NDList outputWeights() {
        long heads = outputWeight.shape().get(0);
        return heads == 1
                ? new NDList(outputWeight.array())
                : outputWeight.array().split(heads, 0);
    }

    /** Two layers make a polynomial of order three, whose coefficients are few. */
    private NDArray cubic(NDArray input, Pass pass) {
        List<NDList> heads = new ArrayList<>();
        NDList biases = new NDList();
        for (NDArray output : outputWeights()) {
            heads.add(cubicCoefficients(output));
            biases.add(weightedBias(output));
        }
        NDList inputs = new NDList(input);
        for (int i = 0; i < heads.get(0).size(); i++) {
            inputs.add(below(heads, i));
        }
        NDArray bias = biases.size() == 1 ? biases.get(0) : NDArrays.concat(biases);
        return pass.apply(new CubicForm(pass.goesBack()), inputs)
                .add(Scale.by(bias, input.getShape().get(2)));
    }

    /** The heads' coefficients of one order, one below the other. */
    private static NDArray below(List<NDList> heads, int order) {
        NDList coefficients = new NDList();
        heads.forEach(head -> coefficients.add(head.get(order)));
        return heads.size() == 1 ? coefficients.get(0) : NDArrays.concat(coefficients);
    }

    /** The polynomial's a, A and T of a head, symmetric. */
    private NDList cubicCoefficients(NDArray output) {
        Layer before = layers.get(0);
        NDArray c = coefficients(layers.get(1), output);
        NDArray linear = c.matMul(before.next(before.bias().array())).expandDims(1);
        NDArray square = coefficients(before, output);
        NDArray cube = c.matMul(before.next(before.weight().array())).reshape(fields, fields, fields);
        NDArray pairs = cube.add(cube.transpose(0, 2, 1));
        NDArray symmetric = pairs.add(pairs.transpose(1, 0, 2)).add(pairs.transpose(1, 2, 0));
        return new NDList(
                linear,
                Scale.by(square.add(square.transpose()), 0.5),
                Scale.by(symmetric, 1.0 / 6).reshape(fields, -1));
    }

    /** By the sum over the layers of {@code x^0_f (sum_h C_hf x^{k-1}_h)}, for the fields in shape (F, B * D). */
    private NDArray withoutMaps(NDArray first, long rows, NDArray output) {
        NDArray hidden = first;
        NDArray sum = coefficients(layers.get(0), output).matMul(first);
        for (int k = 1; k < layers.size(); k++) {
            Layer before = layers.get(k - 1);
            NDArray weight = before.next(before.weight().array());
            NDArray bias = before.next(before.bias().array());
            NDArray products = Columns.products(hidden, first);
            NDArray c = coefficients(layers.get(k), output);
            if (k + 1 < layers.size()) {
                hidden = linear(weight, products, bias);
                sum = sum.add(c.matMul(hidden));
            } else {
                sum = sum.add(linear(c.matMul(weight), products, c.matMul(bias)));
            }
        }
        NDArray pooled = sum.mul(first).sum(new int[] {0}).reshape(rows, -1);
        long dim = pooled.getShape().get(1);
        return pooled.sum(new int[] {1}, true).add(Scale.by(weightedBias(output), dim));
    }

    /** C of a layer, shape (F, H), by what all maps weigh in the output, shape (1, P). */
    private NDArray coefficients(Layer layer, NDArray output) {
        return layer.outputWeights(output)
                .matMul(layer.output(layer.weight().array()))
                .reshape(-1, fields)
                .transpose();
    }

    /** The biases of all maps that go to the output, weighted, shape (1). */
    private NDArray weightedBias(NDArray output) {
        NDArray sum = null;
        for (Layer layer : layers) {
            NDArray weighted =
                    layer.outputWeights(output).matMul(layer.output(layer.bias().array()));
            sum = sum == null ? weighted : sum.add(weighted);
        }
        return sum;
    }

    private static NDArray linear(NDArray weight, NDArray input, NDArray bias) {
        return weight.matMul(input).add(bias.expandDims(1));
    }
}
