package io.deepfm.training.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.metrics.MonitoredMetric;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {

    @Test
    void stopsWhenPatienceIsUsedUpAndRemembersTheBest() {
        EarlyStopping stopping = new EarlyStopping(new MonitoredMetric("auc", true), 2);
        assertThat(stopping.epochEnded(1, 0.6)).isTrue();
        assertThat(stopping.epochEnded(2, 0.7)).isTrue();
        assertThat(stopping.epochEnded(3, 0.7)).as("a tie is no improvement").isFalse();
        assertThat(stopping.shouldStop()).isFalse();
        assertThat(stopping.epochEnded(4, 0.69)).isFalse();
        assertThat(stopping.shouldStop()).isTrue();
        assertThat(stopping.bestEpoch()).isEqualTo(2);
    }

    @Test
    void aSmallerLogLossIsBetter() {
        EarlyStopping stopping = new EarlyStopping(new MonitoredMetric("logloss", false), 1);
        assertThat(stopping.epochEnded(1, 0.5)).isTrue();
        assertThat(stopping.epochEnded(2, 0.4)).isTrue();
        assertThat(stopping.epochEnded(3, Double.NaN)).isFalse();
        assertThat(stopping.shouldStop()).isTrue();
    }
}
