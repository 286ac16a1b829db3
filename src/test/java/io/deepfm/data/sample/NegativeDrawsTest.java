package io.deepfm.data.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NegativeDrawsTest {

    @Test
    void aFileHoldsNoMoreThanAReaderCan() {
        assertThat(NegativeDraws.partitions(943, 999)).isEqualTo(1);
        assertThat(NegativeDraws.partitions(20_000_000, 4)).as("by rows").isEqualTo(401);
        assertThat(NegativeDraws.partitions(20_000, 20_000))
                .as("by 400 million negatives")
                .isEqualTo(9);
        assertThat(NegativeDraws.partitions(3_000_000_000L, 4))
                .as("more than an int of negatives")
                .isEqualTo(60_001);
    }
}
