package io.deepfm.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
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
        assertThat(run(new Adam(0.01, false))).isCloseTo(w, within(1e-5));
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
        assertThat(run(new Adam(0.01, true))).isCloseTo(w, within(1e-5));
    }

    @Test
    void sgdKeepsItsVelocity() {
        double w = 1;
        double velocity = 0;
        for (int t = 1; t <= 3; t++) {
            velocity = 0.9 * velocity + GRADIENT.applyAsDouble(w) + 0.01 * w;
            w -= RATE * velocity;
        }
        assertThat(run(new Sgd(0.9, 0.01))).isCloseTo(w, within(1e-5));
    }

    /** A weight that is no row of a table. */
    @Test
    void adagradSumsSquares() {
        double w = 1;
        double sum = 0;
        for (int t = 1; t <= 3; t++) {
            double g = GRADIENT.applyAsDouble(w) + 0.01 * w;
            sum += g * g;
            w -= RATE * g / (Math.sqrt(sum) + 1e-10);
        }
        assertThat(run(new Adagrad(0.01))).isCloseTo(w, within(1e-5));
    }

    @Test
    void adagradHasOneSumForARowOfATable() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Adagrad adagrad = new Adagrad(0);
            NDArray rows = manager.create(new float[] {1, 1, 1, 1}, new Shape(2, 2));
            NDArray sums = manager.zeros(adagrad.momentShape(rows.getShape()));
            assertThat(sums.getShape()).isEqualTo(new Shape(2, 1));
            NDArray gradients = manager.create(new float[] {3, 1, 0, 0}, new Shape(2, 2));
            adagrad.update(1, rows, gradients, List.of(sums), RATE);
            // The mean of 9 and 1.
            assertThat(sums.toFloatArray()).containsExactly(5, 0);
            double factor = RATE / Math.sqrt(5);
            assertThat(rows.toFloatArray())
                    .containsExactly(new float[] {(float) (1 - 3 * factor), (float) (1 - factor), 1, 1}, within(1e-6f));
        }
    }

    private static double run(Optimizer optimizer) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weight = manager.create(new float[] {1});
            List<NDArray> moments = new ArrayList<>();
            optimizer.moments().forEach(name -> moments.add(manager.zeros(optimizer.momentShape(weight.getShape()))));
            for (int t = 1; t <= 3; t++) {
                float gradient = (float) GRADIENT.applyAsDouble(weight.toFloatArray()[0]);
                optimizer.update(t, weight, manager.create(new float[] {gradient}), moments, RATE);
            }
            return weight.toFloatArray()[0];
        }
    }
}
