package io.deepfm.model.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Initial values: their spread, and what begins how. */
class InitializerTest {

    private static final int ROWS = 2001;
    private static final int WIDTH = 10;

    @Test
    void valuesHaveTheSpreadThatTheirNamesSay() {
        // A uniform distribution's deviation is its bound / sqrt(3).
        assertThat(deviation(Initializer.uniform(0.3))).isCloseTo(0.3 / Math.sqrt(3), within(2e-3));
        assertThat(deviation(Initializer.normal(0.01))).isCloseTo(0.01, within(2e-4));
        double xavier = Math.sqrt(2.0 / (ROWS + WIDTH));
        assertThat(deviation(Initializer.XAVIER_UNIFORM)).isCloseTo(xavier, within(0.02 * xavier));
        assertThat(deviation(Initializer.XAVIER_NORMAL)).isCloseTo(xavier, within(0.02 * xavier));
    }

    @Test
    void fieldsBeginAsToldAndLayersAsTheyDeclare() {
        Parameters parameters = new Parameters();
        parameters.trained("dnn", new Shape(3, 2), Initializer.ONES);
        parameters.numeric("age", 4);
        parameters.table("user", "user", 3, 2);
        Map<String, Tensor> initial = parameters.initial(7, (shape, random) -> () -> 5);
        assertThat(initial.get("dnn").values()).containsOnly(1);
        assertThat(initial.get("age").values()).hasSize(4).containsOnly(5);
        assertThat(initial.get("user").values()).containsExactly(0, 0, 5, 5, 5, 5);
    }

    private static double deviation(Initializer initializer) {
        Parameters parameters = new Parameters();
        parameters.table("table", "field", ROWS, WIDTH);
        float[] values = parameters.initial(1, initializer).get("table").values();
        assertThat(values).startsWith(new float[WIDTH]);
        return Math.sqrt(IntStream.range(WIDTH, values.length)
                .mapToDouble(i -> values[i] * values[i])
                .average()
                .orElseThrow());
    }
}
