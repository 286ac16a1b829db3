package io.deepfm.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/** Networks of two inputs whose integrals are known. */
class IntegratedGradientsTest {

    private static double[] attributed(BinaryOperator<NDArray> network, float x, float y) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDList inputs = new NDList(manager.create(new float[] {x, y}, new Shape(1, 2)));
            return new IntegratedGradients(
                            manager,
                            (places, pass) -> network.apply(
                                    places.get(0).get(new NDIndex(":, 0:1")),
                                    places.get(0).get(new NDIndex(":, 1:2"))),
                            0)
                    .of(inputs)[0];
        }
    }

    @Test
    void aProductIsSharedInHalves() {
        assertThat(attributed(NDArray::mul, 3, -2)).containsExactly(new double[] {-3, -3, 0}, within(1e-5));
    }

    @Test
    void aSquareTimesANumberIsSharedTwoToOne() {
        assertThat(attributed((x, y) -> x.mul(x).mul(y), 2, 1))
                .containsExactly(new double[] {8 / 3.0, 4 / 3.0, 0}, within(1e-3));
    }

    /** relu(x - 1) + relu(y - 1) - relu(x + y - 2): until t = 1 / 4 nothing, then x, after 2 / 5 also the sum, y at the end. */
    @Test
    void kinksAreFound() {
        double[] found = attributed(
                (x, y) -> Activation.relu(x.sub(1))
                        .add(Activation.relu(y.sub(1)))
                        .sub(Activation.relu(x.add(y).sub(2))),
                4,
                1.5f);
        double sum = 1 - 2 / 5.5;
        assertThat(found).containsExactly(new double[] {4 * 0.75 - 4 * sum, 1.5 / 3 - 1.5 * sum, 0}, within(1e-5));
    }
}
