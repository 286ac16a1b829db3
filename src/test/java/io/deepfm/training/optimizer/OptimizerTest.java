package io.deepfm.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The optimizers against their formulas, written out for one weight in double precision. */
class OptimizerTest {

    private static final double RATE = 0.1;
    private static final DoubleUnaryOperator GRADIENT = w -> 2 * (w - 3);

    @Test
    void adamFollowsKingmaAndBa() {
        double w = 1;
        double m = 0;
        double v = 0;
        for (int t = 1; t <= 3; t++) {
            double g = GRADIENT.applyAsDouble(w) + 0.01 * w;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            w -= RATE * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
        }
        assertThat(run(manager -> new Adam(manager, 1, 0.01, false))).isCloseTo(w, within(1e-5));
    }

    @Test
    void adamWDecaysTheWeightAndNotTheGradient() {
        double w = 1;
        double m = 0;
        double v = 0;
        for (int t = 1; t <= 3; t++) {
            double g = GRADIENT.applyAsDouble(w);
            w *= 1 - RATE * 0.01;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            w -= RATE * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
        }
        assertThat(run(manager -> new Adam(manager, 1, 0.01, true))).isCloseTo(w, within(1e-5));
    }

    @Test
    void sgdKeepsItsVelocity() {
        double w = 1;
        double velocity = 0;
        for (int t = 1; t <= 3; t++) {
            velocity = 0.9 * velocity + GRADIENT.applyAsDouble(w) + 0.01 * w;
            w -= RATE * velocity;
        }
        assertThat(run(manager -> new Sgd(manager, 1, 0.9, 0.01))).isCloseTo(w, within(1e-5));
    }

    private static double run(java.util.function.Function<NDManager, Optimizer> create) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Optimizer optimizer = create.apply(manager);
            NDArray weight = manager.create(new float[] {1});
            for (int t = 0; t < 3; t++) {
                float gradient = (float) GRADIENT.applyAsDouble(weight.toFloatArray()[0]);
                optimizer.step(weight, manager.create(new float[] {gradient}), RATE);
            }
            return weight.toFloatArray()[0];
        }
    }
}
