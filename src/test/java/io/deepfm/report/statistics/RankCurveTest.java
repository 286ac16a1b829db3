package io.deepfm.report.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCurveTest {

    @Test
    void eachCutOffAddsTheListsWithItsRank() {
        RankCurve curve = RankCurve.of(new int[] {1, 3, 3, 500});
        assertThat(curve.hits()).hasSize(100).startsWith(0.25, 0.25, 0.75, 0.75).endsWith(0.75);
        assertThat(curve.gains()[0]).isEqualTo(0.25);
        // 1 / log2(2) + 2 / log2(4)
        assertThat(curve.gains()[2]).isCloseTo(0.5, within(1e-12));
        assertThat(RankCurve.ks()).hasSize(100).startsWith(1, 2).endsWith(100);
    }
}
