package io.deepfm.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DistinctTest {

    private final Distinct distinct = new Distinct();

    /** Again and again with the same table, as training uses it. */
    @Property(tries = 200)
    void placesAreThoseOfTheFirstOccurrence(
            @ForAll long seed, @ForAll @IntRange(max = 3000) int size, @ForAll @IntRange(min = 1, max = 31) int bits) {
        Random random = new Random(seed);
        int[] values = random.ints(size, 0, (int) Math.min(Integer.MAX_VALUE, 1L << bits))
                .toArray();
        Map<Integer, Integer> expected = new LinkedHashMap<>();
        distinct.clear(size);
        for (int value : values) {
            expected.putIfAbsent(value, expected.size());
            assertThat(distinct.place(value)).isEqualTo(expected.get(value));
        }
        assertThat(distinct.values())
                .containsExactly(Arrays.stream(values).distinct().toArray());
    }
}
