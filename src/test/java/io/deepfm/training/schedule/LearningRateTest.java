package io.deepfm.training.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.metrics.MonitoredMetric;
import org.junit.jupiter.api.Test;

class LearningRateTest {

    @Test
    void reduceOnPlateauHalvesAfterMoreBadEpochsThanPatience() {
        LearningRate rate = new LearningRate.ReduceOnPlateau(1.0, 0.5, 2, new MonitoredMetric("auc", true));
        rate.epochEnded(0.8);
        rate.epochEnded(0.8);
        rate.epochEnded(0.8);
        assertThat(rate.current()).isEqualTo(1.0);
        rate.epochEnded(0.8);
        assertThat(rate.current()).isEqualTo(0.5);
        rate.epochEnded(0.9);
        assertThat(rate.current()).isEqualTo(0.5);
    }

    @Test
    void animprovementBelowTheThresholdIsNone() {
        LearningRate rate = new LearningRate.ReduceOnPlateau(1.0, 0.5, 0, new MonitoredMetric("logloss", false));
        rate.epochEnded(0.5);
        rate.epochEnded(0.5 * (1 - 0.9e-4));
        assertThat(rate.current()).isEqualTo(0.5);
        rate.epochEnded(0.5 * (1 - 1.1e-4));
        assertThat(rate.current()).isEqualTo(0.5);
    }

    @Test
    void aSumOfMetricsMayBeNegative() {
        LearningRate rate = new LearningRate.ReduceOnPlateau(1.0, 0.5, 0, new MonitoredMetric("-1 * logloss", true));
        rate.epochEnded(-0.5);
        rate.epochEnded(-0.5 * (1 + 0.5e-4));
        assertThat(rate.current()).isEqualTo(0.5);
        rate.epochEnded(-0.5 * (1 - 1.1e-4));
        assertThat(rate.current()).isEqualTo(0.5);
    }

    @Test
    void cosineGoesFromTheInitialRateOverHalfOfItToNought() {
        LearningRate rate = new LearningRate.Cosine(0.2, 2);
        assertThat(rate.current()).isEqualTo(0.2);
        rate.epochEnded(0);
        assertThat(rate.current()).isCloseTo(0.1, within(1e-15));
        rate.epochEnded(0);
        assertThat(rate.current()).isCloseTo(0, within(1e-15));
    }
}
