package io.deepfm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class LogLossTest {

    @Example
    void isMinusTheLogOfTheProbabilityGivenToWhatWasObserved() {
        assertThat(LogLoss.of(0, 1)).isCloseTo(Math.log(2), within(1e-15));
        assertThat(LogLoss.of(0, 0)).isCloseTo(Math.log(2), within(1e-15));
        // sigmoid(log 3) = 3/4
        assertThat(LogLoss.of(Math.log(3), 1)).isCloseTo(Math.log(4.0 / 3), within(1e-15));
        assertThat(LogLoss.of(Math.log(3), 0)).isCloseTo(Math.log(4), within(1e-15));
    }

    @Example
    void staysFiniteAndExactWhereTheProbabilityWouldRoundToZeroOrOne() {
        assertThat(LogLoss.of(1000, 0)).isEqualTo(1000);
        assertThat(LogLoss.of(-1000, 1)).isEqualTo(1000);
        assertThat(LogLoss.of(1000, 1)).isZero();
        // log(1 + e^-50) = e^-50 to first order
        assertThat(LogLoss.of(50, 1)).isCloseTo(1.9287498479639178e-22, within(1e-36));
    }

    @Example
    void isNoNumberForALogitThatIsNone() {
        assertThat(LogLoss.of(Double.NaN, 1)).isNaN();
    }

    @Property
    void equalsTheDefinition(
            @ForAll @DoubleRange(min = -15, max = 15) double logit, @ForAll @IntRange(max = 1) int label) {
        double probability = 1 / (1 + Math.exp(-logit));
        double expected = -Math.log(label == 1 ? probability : 1 - probability);
        assertThat(LogLoss.of(logit, label)).isCloseTo(expected, within(1e-9));
    }

    @Property
    void exchangingTheClassesChangesNothing(
            @ForAll @DoubleRange(min = -1e6, max = 1e6) double logit, @ForAll @IntRange(max = 1) int label) {
        assertThat(LogLoss.of(-logit, 1 - label)).isEqualTo(LogLoss.of(logit, label));
    }
}
