package io.deepfm.model.interaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.deepfm.model.layer.Activation;
import io.deepfm.model.layer.Parameters;
import io.deepfm.model.layer.Pass;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A term in chunks has the values and gradients that the engine gives for the whole. */
class ChunksTest {

    private static final int ROWS = 130;

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 129, 200})
    void chunksChangeNeitherValuesNorGradients(int chunk) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Parameters parameters = new Parameters();
            var cin = new CompressedInteractionNetwork(
                    parameters, 3, new CinConfig(List.of(4, 2), true, Activation.RELU));
            parameters.set(manager, parameters.initial(1));
            parameters.denseBlock().requireGradients();
            NDArray input = manager.create(random(ROWS * 3 * 2, 2), new Shape(ROWS, 3, 2));
            input.setRequiresGradient(true);
            NDArray gradient = manager.create(random(ROWS, 3));

            float[][] expected = new float[3][];
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray whole = cin.term(input).squeeze(1);
                expected[0] = whole.toFloatArray();
                collector.backward(whole.mul(gradient).sum());
            }
            expected[1] = input.getGradient().toFloatArray();
            expected[2] = parameters.denseBlock().takeGradients().toFloatArray();
            input.getGradient().muli(0);

            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                Pass pass = Pass.training();
                NDArray chunked = pass.inChunks(input, chunk, cin::term);
                assertThat(chunked.toFloatArray()).containsExactly(expected[0], within(1e-6f));
                NDArray leaf = chunked.stopGradient();
                leaf.setRequiresGradient(true);
                collector.backward(leaf.squeeze(1).mul(gradient).sum());
                NDArray nothing = manager.zeros(new Shape(1));
                NDArray logits = input.sum(new int[] {1, 2}).mul(nothing).add(chunked.squeeze(1));
                pass.backward(logits, leaf.getGradient().squeeze(1));
            }
            assertThat(input.getGradient().toFloatArray()).containsExactly(expected[1], within(1e-5f));
            assertThat(parameters.denseBlock().takeGradients().toFloatArray())
                    .containsExactly(expected[2], within(1e-4f));
        }
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
