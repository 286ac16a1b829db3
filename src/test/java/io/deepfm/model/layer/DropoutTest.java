package io.deepfm.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {

    private static final int ROWS = 2000;
    private static final int UNITS = 101;

    @Test
    void asManyUnitsAreDroppedAsAskedForInEveryRowAndColumn() {
        float[] mask = mask(new Dropout(0.3), 7);
        double[] columns = new double[UNITS];
        double all = 0;
        for (int i = 0; i < mask.length; i++) {
            assertThat(mask[i]).isIn(0f, 1f);
            columns[i % UNITS] += 1 - mask[i];
            all += 1 - mask[i];
        }
        // Five standard deviations.
        assertThat(all / mask.length).isCloseTo(0.3, within(5 * Math.sqrt(0.21 / mask.length)));
        for (double column : columns) {
            assertThat(column / ROWS).isCloseTo(0.3, within(5 * Math.sqrt(0.21 / ROWS)));
        }
    }

    @Test
    void theSeedDecidesTheMasksAndEachIsAnother() {
        Dropout dropout = new Dropout(0.5);
        float[] first = mask(dropout, 7);
        assertThat(mask(dropout, 7)).containsExactly(first);
        assertThat(agreement(first, mask(dropout, 8))).isCloseTo(0.5, within(0.01));
        dropout.seed(7);
        next(dropout);
        assertThat(agreement(first, next(dropout))).isCloseTo(0.5, within(0.01));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 0.5, 0.9})
    void aUnitIsDroppedWhateverBecomesOfThoseBeforeIt(double rate) {
        float[] mask = mask(new Dropout(rate), 7);
        for (int distance : new int[] {1, 2, 3, UNITS}) {
            double both = 0;
            for (int i = distance; i < mask.length; i++) {
                both += (1 - mask[i]) * (1 - mask[i - distance]);
            }
            double expected = rate * rate;
            assertThat(both / mask.length)
                    .isCloseTo(expected, within(6 * Math.sqrt(expected * (1 - expected) / mask.length)));
        }
    }

    @Test
    void aDrawDoesNotDependOnWhatWasInItsMemoryBefore() {
        Dropout used = new Dropout(0.3);
        mask(used, 1);
        assertThat(mask(used, 7)).containsExactly(mask(new Dropout(0.3), 7));
    }

    @Test
    void aMaskMayDropNothing() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray units = manager.ones(new Shape(3));
            new Dropout(1e-4).drop(units, 0f);
            assertThat(units.toFloatArray()).containsOnly(1f);
        }
    }

    @Test
    void evenAFewUnitsInManyAreAsManyAsAskedFor() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray units = manager.zeros(new Shape(10_000_000));
            new Dropout(1e-4).drop(units, 1f);
            // Five standard deviations.
            assertThat(units.sum().getFloat()).isCloseTo(1000, within(160f));
            new Dropout(1e-8).drop(units, 2f);
            assertThat(units.gt(1).sum().getLong()).isLessThan(2);
        }
    }

    @Test
    void whatIsKeptStays() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray units = manager.arange(2f, 12f).reshape(2, 5);
            Dropout dropout = new Dropout(0.4);
            dropout.seed(7);
            dropout.drop(units, -1f);
            for (int i = 0; i < 10; i++) {
                assertThat(units.toFloatArray()[i]).isIn(i + 2f, -1f);
            }
        }
    }

    @Test
    void theExpectationStays() {
        assertThat(new Dropout(0.2).scale()).isCloseTo(1.25, within(1e-9));
        assertThat(new Dropout(1).scale()).isZero();
    }

    @Test
    void theLimitsDropNothingAndAll() {
        assertThat(new Dropout(0).drops()).isFalse();
        assertThat(mask(new Dropout(1), 7)).containsOnly(0f);
    }

    private static float[] mask(Dropout dropout, long seed) {
        dropout.seed(seed);
        return next(dropout);
    }

    private static float[] next(Dropout dropout) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray mask = manager.ones(new Shape(ROWS, UNITS));
            dropout.drop(mask, 0f);
            return mask.toFloatArray();
        }
    }

    private static double agreement(float[] a, float[] b) {
        int equal = 0;
        for (int i = 0; i < a.length; i++) {
            equal += a[i] == b[i] ? 1 : 0;
        }
        return (double) equal / a.length;
    }
}
