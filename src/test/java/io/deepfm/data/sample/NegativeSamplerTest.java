package io.deepfm.data.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.config.random.Seed;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NegativeSamplerTest {

    private static final int ITEMS = 50;

    @Property
    void drawsDistinctUnseenItemsAsManyAsAskedOrThereAre(
            @ForAll @Size(max = ITEMS) Set<@IntRange(max = ITEMS - 1) Integer> seen,
            @ForAll @IntRange(max = 60) int count,
            @ForAll long key) {
        int[] sorted = sorted(seen);
        int[] drawn = NegativeSampler.sample(sorted, ITEMS, count, key);
        assertThat(drawn).hasSize(Math.min(count, ITEMS - seen.size()));
        assertThat(drawn).isSorted().doesNotHaveDuplicates();
        assertThat(IntStream.of(drawn).allMatch(item -> item >= 0 && item < ITEMS && !seen.contains(item)))
                .isTrue();
    }

    @Property
    void theSameKeyDrawsTheSameItems(@ForAll long key) {
        int[] seen = {0, 7, 49};
        assertThat(NegativeSampler.sample(seen, ITEMS, 5, key)).isEqualTo(NegativeSampler.sample(seen, ITEMS, 5, key));
    }

    @Test
    void everyUnseenItemIsEquallyLikely() {
        int[] seen = {3, 4, 5, 20, 49};
        int draws = 40_000;
        int[] counts = new int[ITEMS];
        for (int row = 0; row < draws; row++) {
            for (int item : NegativeSampler.sample(seen, ITEMS, 4, Seed.of(42, row))) {
                counts[item]++;
            }
        }
        double chance = 4.0 / 45;
        double sigma = Math.sqrt(draws * chance * (1 - chance));
        for (int item = 0; item < ITEMS; item++) {
            double expected = Arrays.binarySearch(seen, item) >= 0 ? 0 : draws * chance;
            assertThat((double) counts[item])
                    .as("item " + item)
                    .isBetween(expected - 5 * sigma, expected == 0 ? 0 : expected + 5 * sigma);
        }
    }

    private static int[] sorted(Set<Integer> seen) {
        return seen.stream().mapToInt(Integer::intValue).sorted().toArray();
    }
}
