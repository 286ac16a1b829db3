package io.deepfm.config.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SeedTest {

    @Property
    void equalPartsAndNoOthersGiveEqualValues(
            @ForAll @Size(max = 4) List<Long> one, @ForAll @Size(max = 4) List<Long> other) {
        assertThat(of(one)).isEqualTo(of(new ArrayList<>(one)));
        assertThat(of(one) == of(other)).isEqualTo(one.equals(other));
    }

    @Property
    void orderMatters(@ForAll long a, @ForAll long b) {
        assertThat(Seed.of(a, b) == Seed.of(b, a)).isEqualTo(a == b);
    }

    @Property
    void aFurtherPartMattersEvenIfItIsZero(@ForAll @Size(max = 4) List<Long> parts) {
        List<Long> longer = new ArrayList<>(parts);
        longer.add(0L);
        assertThat(of(longer)).isNotEqualTo(of(parts));
    }

    @Property
    void oneBitOfAPartChangesAboutHalfOfTheBits(
            @ForAll long seed, @ForAll long row, @ForAll @IntRange(max = 63) int bit) {
        int changed = Long.bitCount(Seed.of(seed, row) ^ Seed.of(seed, row ^ (1L << bit)));
        // 32 on average; fewer than 6 or more than 58 has a chance below 1e-11.
        assertThat(changed).isBetween(6, 58);
    }

    @Example
    void neighbouringSeedsEpochsAndRowsNeverShareAValue() {
        Set<Long> values = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            for (long epoch = 0; epoch < 10; epoch++) {
                for (long row = 0; row < 1000; row++) {
                    values.add(Seed.of(seed, epoch, row));
                }
            }
        }
        assertThat(values).hasSize(100_000);
    }

    private static long of(List<Long> parts) {
        return Seed.of(parts.stream().mapToLong(Long::longValue).toArray());
    }
}
