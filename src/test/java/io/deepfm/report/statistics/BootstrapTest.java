package io.deepfm.report.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    /** The share of the users whose number is below a half. */
    private static ToDoubleFunction<int[]> half(int users) {
        return drawn -> Arrays.stream(drawn, 0, users / 2).sum() / (double) users;
    }

    @Test
    void anIntervalIsAsWideAsTheNormalApproximationSays() {
        Interval interval = new Bootstrap(400).of(List.of(half(400))).get(0).orElseThrow();
        // A share of 0.5 of 400 has a standard error of sqrt(0.25 / 400) = 0.025, so 0.5 +- 1.96 * 0.025.
        assertThat(interval.low()).isCloseTo(0.451, within(0.006));
        assertThat(interval.high()).isCloseTo(0.549, within(0.006));
    }

    @Test
    void theSameUsersGiveTheSameInterval() {
        assertThat(new Bootstrap(30).of(List.of(half(30)))).isEqualTo(new Bootstrap(30).of(List.of(half(30))));
    }

    @Test
    void everySampleHasAsManyUsers() {
        ToDoubleFunction<int[]> all = drawn -> Arrays.stream(drawn).sum();
        assertThat(new Bootstrap(7).of(List.of(all)).get(0)).contains(new Interval(7, 7));
    }

    @Test
    void aMetricThatIsNotDefinedHasNoInterval() {
        ToDoubleFunction<int[]> undefined = drawn -> Double.NaN;
        assertThat(new Bootstrap(5).of(List.of(undefined)).get(0)).isEmpty();
    }
}
