package io.deepfm.report.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CatalogueStatisticsTest {

    @Test
    void theGiniCoefficientIsZeroOfEqualsAndHighWhereOneHasAll() {
        assertThat(Concentration.of(new long[] {3, 3, 3, 3}).gini()).isCloseTo(0, within(1e-12));
        // (n - 1) / n
        assertThat(Concentration.of(new long[] {0, 8, 0, 0}).gini()).isCloseTo(0.75, within(1e-12));
        // Of 1, 2, 3: (1 * -2 + 2 * 0 + 3 * 2) / (3 * 6)
        assertThat(Concentration.of(new long[] {3, 1, 2}).gini()).isCloseTo(4 / 18.0, within(1e-12));
        assertThat(Concentration.of(new long[] {0, 0}).gini()).isNaN();
    }

    @Test
    void coverageIsTheShareOfItemsThatHaveAny() {
        assertThat(Concentration.of(new long[] {0, 8, 1, 0}).coverage()).isEqualTo(0.5);
    }

    @Test
    void theLorenzCurveAddsUpFromTheLeast() {
        assertThat(Concentration.of(new long[] {5, 0, 1, 2}).lorenz(2)).containsExactly(0, 0.125, 1);
        assertThat(Concentration.of(new long[] {5, 0, 1, 2}).lorenz(4)).containsExactly(0, 0, 0.125, 0.375, 1);
    }

    @Test
    void noveltyIsTheSurpriseAtAnItem() {
        Popularity popularity = new Popularity(new int[] {4, 2, 1, 1, 0});
        // -log2(4 / 8), -log2(2 / 8), and an unseen item as if seen once: -log2(1 / 8).
        assertThat(popularity.novelty(new long[] {1, 0, 0, 0, 0})).isCloseTo(1, within(1e-12));
        assertThat(popularity.novelty(new long[] {1, 1, 0, 0, 1})).isCloseTo(2, within(1e-12));
    }

    @Test
    void popularityIsTheMeanOverAllThatIsShown() {
        Popularity popularity = new Popularity(new int[] {4, 2, 0});
        assertThat(popularity.mean(new long[] {1, 2, 1})).isEqualTo(2);
        assertThat(popularity.mean(new long[] {0, 0, 0})).isNaN();
    }
}
