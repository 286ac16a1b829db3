package io.deepfm.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Six rows of five columns: two of a user, of whom there are two, one of each row, one of the user again, one of three items. */
class LayerInputTest {

    private static final float[] WHOLE = {
        1, 2, 10, 7, 100, //
        1, 2, 20, 7, 300, //
        1, 2, 30, 7, 200, //
        3, 4, 40, 8, 100, //
        3, 4, 50, 8, 100, //
        1, 2, 60, 7, 300
    };

    private NDManager manager;
    private LayerInput input;

    @BeforeEach
    void setUp() {
        manager = NDManager.newBaseManager();
        NDArray users = manager.create(new int[] {0, 0, 0, 1, 1, 0});
        NDArray items = manager.create(new long[] {0, 2, 1, 0, 0, 2});
        input = new LayerInput(List.of(
                new SharedRows(matrix(2, 1, 2, 3, 4), users),
                new SharedRows(matrix(6, 10, 20, 30, 40, 50, 60), null),
                new SharedRows(matrix(2, 7, 8), users),
                new SharedRows(matrix(3, 100, 200, 300), items)));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void theWholeHasAllColumnsOfEachRowInTheirOrder() {
        assertThat(input.whole().toFloatArray()).containsExactly(WHOLE);
    }

    @Test
    void theProductIsThatOfTheWhole() {
        // The sum of the columns, and twice the second, thrice the third and minus the fourth column.
        NDArray weight = matrix(2, 1, 1, 1, 1, 1, 0, 2, 3, -1, 0);
        float[] expected = {120, 27, 330, 57, 240, 87, 155, 120, 165, 150, 370, 177};
        assertThat(input.linear(weight, null).toFloatArray()).containsExactly(expected);
        for (int i = 0; i < expected.length; i++) {
            expected[i] += i % 2 == 0 ? 1000 : 2000;
        }
        assertThat(input.linear(weight, manager.create(new float[] {1000, 2000}))
                        .toFloatArray())
                .containsExactly(expected);
    }

    @Test
    void rowsThatAreNotFewAreCopiedFirst() {
        NDArray items = manager.create(new int[] {3, 0, 1, 3});
        SharedRows many = new SharedRows(matrix(4, 1, 2, 3, 4), items);
        SharedRows few = new SharedRows(matrix(2, 10, 20), manager.create(new int[] {1, 1, 0, 0}));
        assertThat(many.areFew()).isFalse();
        assertThat(few.areFew()).isTrue();
        assertThat(new LayerInput(List.of(many, few))
                        .linear(matrix(1, 2, 1), null)
                        .toFloatArray())
                .containsExactly(28, 22, 14, 18);
    }

    @Test
    void gradientsAreThoseOfTheWhole() {
        float[][] found = gradients(LayerInput::linear);
        assertThat(found).isDeepEqualTo(gradients((input, weight, bias) -> Linear.linear(input.whole(), weight, bias)
                .singletonOrThrow()));
        // The gradient of the products is the products themselves, and that of the bias their sum.
        assertThat(found[3]).containsExactly(142, 374);
    }

    private interface Layer {
        NDArray of(LayerInput input, NDArray weight, NDArray bias);
    }

    /** Those of two users, three items, weights and bias, of half the sum of squares of a layer over rows that share all. */
    private float[][] gradients(Layer layer) {
        List<NDArray> leaves = List.of(
                matrix(2, 1, 2, 3, 4), matrix(3, 10, 20, 30), matrix(2, 1, 1, 1, 0, 2, 3), manager.create(new float[] {
                    1, 2
                }));
        leaves.forEach(leaf -> leaf.setRequiresGradient(true));
        LayerInput shared = new LayerInput(List.of(
                new SharedRows(leaves.get(0), manager.create(new int[] {0, 0, 0, 1, 1, 0})),
                new SharedRows(leaves.get(1), manager.create(new int[] {0, 2, 1, 0, 0, 2}))));
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray products = layer.of(shared, leaves.get(2), leaves.get(3));
            collector.backward(products.mul(products.stopGradient()).sum());
        }
        return leaves.stream().map(leaf -> leaf.getGradient().toFloatArray()).toArray(float[][]::new);
    }

    private NDArray matrix(int rows, float... values) {
        return manager.create(values, new Shape(rows, values.length / rows));
    }
}
