package io.deepfm.data.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.config.random.Seed;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PopularitySamplerTest {

    private static final int ITEMS = 50;
    private static final int DRAWS = 40_000;

    @Property
    void drawsDistinctUnseenItemsAsManyAsAskedOrThereAre(
            @ForAll @Size(ITEMS) List<@IntRange(max = 6) Integer> powers,
            @ForAll @Size(max = ITEMS) Set<@IntRange(max = ITEMS - 1) Integer> seen,
            @ForAll @IntRange(max = 60) int count,
            @ForAll long key) {
        PopularitySampler sampler = new PopularitySampler(
                powers.stream().mapToDouble(power -> Math.pow(10, power)).toArray());
        int[] sorted = seen.stream().mapToInt(item -> item).sorted().toArray();
        int[] drawn = sampler.sample(sorted, count, key);
        assertThat(drawn)
                .hasSize(Math.min(count, ITEMS - seen.size()))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(IntStream.of(drawn).allMatch(item -> item >= 0 && item < ITEMS && !seen.contains(item)))
                .isTrue();
        assertThat(sampler.sample(sorted, count, key)).isEqualTo(drawn);
    }

    @Example
    void oneItemIsDrawnInProportionToItsWeight() {
        // Of 1, 2, 3, 4 the third is seen.
        assertShares(new double[] {1, 2, 3, 4}, new int[] {2}, 1, 1 / 7.0, 2 / 7.0, 0, 4 / 7.0);
    }

    @Example
    void theNextIsDrawnFromWhatIsLeft() {
        // Weights 1, 2, 5: an item is drawn first, or second after one of the others.
        double a = 1 / 8.0 + 2 / 8.0 * (1 / 6.0) + 5 / 8.0 * (1 / 3.0);
        double b = 2 / 8.0 + 1 / 8.0 * (2 / 7.0) + 5 / 8.0 * (2 / 3.0);
        double c = 5 / 8.0 + 1 / 8.0 * (5 / 7.0) + 2 / 8.0 * (5 / 6.0);
        assertShares(new double[] {1, 2, 5}, new int[0], 2, a, b, c);
    }

    @Example
    void whoHasSeenAllThatIsPopularGetsTheRestByItsWeights() {
        // No draw from all items finds one of the others, so that exponential keys do.
        double a = 1 / 8.0 + 2 / 8.0 * (1 / 6.0) + 5 / 8.0 * (1 / 3.0);
        double b = 2 / 8.0 + 1 / 8.0 * (2 / 7.0) + 5 / 8.0 * (2 / 3.0);
        double c = 5 / 8.0 + 1 / 8.0 * (5 / 7.0) + 2 / 8.0 * (5 / 6.0);
        assertShares(new double[] {1, 2, 1e12, 5}, new int[] {2}, 2, a, b, 0, c);
    }

    /** Each item's share of the draws that have it is within five standard errors. */
    private static void assertShares(double[] weights, int[] seen, int count, double... expected) {
        PopularitySampler sampler = new PopularitySampler(weights);
        int[] found = new int[weights.length];
        for (int row = 0; row < DRAWS; row++) {
            for (int item : sampler.sample(seen, count, Seed.of(42, row))) {
                found[item]++;
            }
        }
        for (int item = 0; item < weights.length; item++) {
            double sigma = Math.sqrt(expected[item] * (1 - expected[item]) / DRAWS);
            assertThat(found[item] / (double) DRAWS)
                    .as("item " + item)
                    .isBetween(expected[item] - 5 * sigma, expected[item] + 5 * sigma);
        }
    }
}
