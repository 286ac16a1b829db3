package io.deepfm.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImportanceTest {

    private static final List<String> GROUPS = List.of("a", "a", "b", "b");

    @Test
    void whatTheGroupsExplainLessWhatChanceWould() {
        assertThat(Importance.of(GROUPS, List.of(1.0, 1.0, 3.0, 3.0))).isEqualTo(1);
        // Squares: 20 in all, 4 within the groups, which leaves 4 / 2 per group that is free to differ.
        assertThat(Importance.of(GROUPS, List.of(0.0, 2.0, 4.0, 6.0))).isEqualTo((16 - 2) / 20.0, within(1e-12));
        assertThat(Importance.of(GROUPS, List.of(1.0, 3.0, 2.0, 4.0))).isZero();
    }

    @Test
    void whereThereIsNothingToExplainItIsZero() {
        assertThat(Importance.of(GROUPS, List.of(2.0, 2.0, 2.0, 2.0))).isZero();
        assertThat(Importance.of(List.of("a", "b"), List.of(1.0, 2.0)))
                .as("one value per group")
                .isZero();
        assertThat(Importance.of(List.of("a", "a"), List.of(1.0, 2.0)))
                .as("one group")
                .isZero();
    }
}
