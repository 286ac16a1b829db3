package io.deepfm.report.statistics;

import static io.deepfm.report.statistics.Rows.labelled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.report.statistics.Reliability.Bin;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelStatisticsTest {

    private static final List<HeldOutRow> ROWS =
            List.of(labelled(0, 1, 0.9), labelled(1, 0, 0.6), labelled(2, 1, 0.4), labelled(3, 0, 0.1));

    @Test
    void aRocCurveHasAPointForEachLogit() {
        RocCurve curve = RocCurve.of(ROWS);
        assertThat(curve.positives()).containsExactly(1, 1, 2, 2);
        assertThat(curve.negatives()).containsExactly(0, 1, 1, 2);
        assertThat(curve.area()).isEqualTo(0.75);
        assertThat(curve.hasBothClasses()).isTrue();
    }

    @Test
    void betweenThePointsItIsStraightAlongTies() {
        RocCurve curve = RocCurve.of(ROWS);
        assertThat(curve.truePositiveRate(0)).isEqualTo(0.5);
        assertThat(curve.truePositiveRate(0.25)).isEqualTo(0.5);
        assertThat(curve.truePositiveRate(0.5)).isEqualTo(1);
        assertThat(curve.truePositiveRate(1)).isEqualTo(1);
        RocCurve ties = RocCurve.of(List.of(labelled(0, 1, 0.5), labelled(1, 0, 0.5)));
        assertThat(ties.truePositiveRate(0.3)).isCloseTo(0.3, within(1e-12));
    }

    @Test
    void precisionIsThatOfTheFirstThresholdThatFindsEnough() {
        RocCurve curve = RocCurve.of(ROWS);
        assertThat(curve.precision(0.5)).isEqualTo(1);
        assertThat(curve.precision(0.6)).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(curve.precision(1)).isCloseTo(2 / 3.0, within(1e-12));
    }

    @Test
    void oneClassHasNoArea() {
        RocCurve curve = RocCurve.of(List.of(labelled(0, 1, 0.5)));
        assertThat(curve.hasBothClasses()).isFalse();
        assertThat(curve.area()).isNaN();
    }

    @Test
    void reliabilityComparesProbabilitiesWithWhatHappened() {
        Reliability reliability = Reliability.of(
                List.of(labelled(0, 1, 0.82), labelled(1, 0, 0.88), labelled(2, 0, 0.05), labelled(3, 1, 0.999999999)));
        assertThat(reliability.bins()).extracting(Bin::rows).containsExactly(1L, 2L, 1L);
        assertThat(reliability.bins().get(1).predicted()).isCloseTo(0.85, within(1e-6));
        assertThat(reliability.bins().get(1).observed()).isEqualTo(0.5);
        // (1 * 0.05 + 2 * 0.35 + 1 * 0) / 4
        assertThat(reliability.error()).isCloseTo(0.1875, within(1e-6));
    }
}
