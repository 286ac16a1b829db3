package io.deepfm.model.interaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.deepfm.model.layer.Activation;
import io.deepfm.model.layer.Activations;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values and hand-written gradients against the equation as it stands, which the engine differentiates. */
class CompressedInteractionNetworkTest {

    private static final int ROWS = 300;
    private static final int FIELDS = 3;
    private static final int DIM = 2;

    @ParameterizedTest
    @CsvSource({
        "RELU, true, 4-2",
        "RELU, false, 4-3",
        "RELU, true, 5",
        "RELU, true, 6-4-3",
        "RELU, false, 4-4-2",
        "IDENTITY, true, 4-2",
        "IDENTITY, false, 4-3",
        "IDENTITY, true, 5",
        "IDENTITY, true, 6-4-3"
    })
    void valuesAndGradientsAreThoseOfTheEquation(Activation activation, boolean splitHalf, String sizes) {
        List<Integer> layers =
                List.of(sizes.split("-")).stream().map(Integer::valueOf).toList();
        try (NDManager manager = NDManager.newBaseManager()) {
            Parameters parameters = new Parameters();
            var cin =
                    new CompressedInteractionNetwork(parameters, FIELDS, new CinConfig(layers, splitHalf, activation));
            parameters.set(manager, parameters.initial(1));
            parameters.all().forEach(parameter -> parameter
                    .array()
                    .set(random((int) parameter.shape().size(), parameter.name().hashCode())));
            NDArray input = manager.create(random(ROWS * FIELDS * DIM, 2), new Shape(ROWS, FIELDS, DIM));
            input.setRequiresGradient(true);
            NDArray gradient = manager.create(random(ROWS, 3));

            float[][] expected = new float[3][];
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                parameters.denseBlock().requireGradients();
                NDArray logits = equation(input, weights(parameters), layers, splitHalf, activation);
                expected[0] = logits.toFloatArray();
                collector.backward(logits.mul(gradient).sum());
            }
            expected[1] = input.getGradient().toFloatArray();
            expected[2] = parameters.denseBlock().takeGradients().toFloatArray();
            input.getGradient().muli(0);

            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                parameters.denseBlock().requireGradients();
                Pass pass = Pass.training();
                NDArray logits = cin.forward(input, pass).squeeze(1);
                assertThat(logits.toFloatArray()).containsExactly(expected[0], within(1e-4f));
                NDArray leaf = logits.stopGradient();
                leaf.setRequiresGradient(true);
                collector.backward(leaf.mul(gradient).sum());
                pass.backward(logits, leaf.getGradient());
            }
            assertThat(input.getGradient().toFloatArray()).containsExactly(expected[1], within(1e-4f));
            assertThat(parameters.denseBlock().takeGradients().toFloatArray())
                    .containsExactly(expected[2], within(1e-3f));
        }
    }

    private static NDArray equation(
            NDArray x,
            Function<String, NDArray> weights,
            List<Integer> sizes,
            boolean splitHalf,
            Activation activation) {
        NDArray hidden = x;
        NDArray sum = weights.apply("cin.output.bias");
        int start = 0;
        for (int k = 0; k < sizes.size(); k++) {
            NDArray products = hidden.expandDims(2).mul(x.expandDims(1)).reshape(ROWS, -1, DIM);
            NDArray maps = Activations.apply(
                    activation,
                    weights.apply("cin." + k + ".weight")
                            .matMul(products)
                            .add(weights.apply("cin." + k + ".bias").expandDims(1)));
            boolean split = splitHalf && k + 1 < sizes.size();
            int half = split ? sizes.get(k) / 2 : 0;
            NDArray output = maps.get(new NDIndex(":, {}:", half)).sum(new int[] {2});
            int end = start + sizes.get(k) - half;
            sum = sum.add(output.mul(weights.apply("cin.output.weight").get(new NDIndex(":, {}:{}", start, end)))
                    .sum(new int[] {1}));
            hidden = split ? maps.get(new NDIndex(":, :{}", half)) : maps;
            start = end;
        }
        return sum;
    }

    private static Function<String, NDArray> weights(Parameters parameters) {
        return parameters.all().stream().collect(Collectors.toMap(Parameter::name, Parameter::array))::get;
    }

    private static float[] random(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextDouble() * 2 - 1);
        }
        return values;
    }
}
