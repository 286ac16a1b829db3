package io.deepfm.report.statistics;

import static io.deepfm.report.statistics.Rows.labelled;
import static io.deepfm.report.statistics.Rows.ranked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.report.statistics.HeldOutMetrics.Estimate;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldOutMetricsTest {

    private static Map<String, Estimate> estimates(List<HeldOutRow> rows, String... names) {
        return new HeldOutMetrics(rows, row -> row.label() == 1, true).estimates(List.of(names));
    }

    @Test
    void rankingMetricsAreThoseOfTheRanks() {
        Map<String, Estimate> estimates = estimates(
                List.of(ranked(0, 0, 1, 101), ranked(1, 0, 3, 101), ranked(2, 0, 11, 101), ranked(3, 0, 101, 101)),
                "HR@10",
                "NDCG@10",
                "MRR",
                "MAP@10",
                "gauc",
                "Coverage@10");
        assertThat(estimates.get("HR@10").value()).isEqualTo(0.5);
        // (1 / log2(2) + 1 / log2(4)) / 4
        assertThat(estimates.get("NDCG@10").value()).isCloseTo(0.375, within(1e-12));
        assertThat(estimates.get("MRR").value()).isCloseTo((1 + 1 / 3.0 + 1 / 11.0 + 1 / 101.0) / 4, within(1e-12));
        assertThat(estimates.get("MAP@10").value()).isCloseTo((1 + 1 / 3.0) / 4, within(1e-12));
        assertThat(estimates.get("gauc").value()).isCloseTo((1 + 0.98 + 0.90 + 0) / 4, within(1e-12));
        assertThat(estimates).doesNotContainKey("Coverage@10");
    }

    @Test
    void labelMetricsAreThoseOfTheProbabilities() {
        Map<String, Estimate> estimates = estimates(
                List.of(labelled(0, 1, 0.8), labelled(1, 0, 0.5), labelled(2, 1, 0.5), labelled(3, 0, 0.2)),
                "auc_heldout",
                "pr_auc_heldout",
                "logloss_heldout",
                "brier_heldout");
        // Of four pairs three are won and one is a tie.
        assertThat(estimates.get("auc_heldout").value()).isEqualTo(0.875);
        // One positive at precision 1, one at 2 of 3.
        assertThat(estimates.get("pr_auc_heldout").value()).isCloseTo(5 / 6.0, within(1e-12));
        assertThat(estimates.get("logloss_heldout").value())
                .isCloseTo(-(2 * Math.log(0.8) + 2 * Math.log(0.5)) / 4, within(1e-7));
        assertThat(estimates.get("brier_heldout").value()).isCloseTo((0.04 + 0.25 + 0.25 + 0.04) / 4, within(1e-7));
    }

    @Test
    void aUsersRowsAreDrawnTogether() {
        // One user with all rows: every sample is the same.
        List<HeldOutRow> rows = IntStream.rangeClosed(1, 20)
                .mapToObj(rank -> ranked(0, 0, rank, 101))
                .toList();
        assertThat(estimates(rows, "HR@10").get("HR@10"))
                .isEqualTo(new Estimate(0.5, java.util.Optional.of(new Interval(0.5, 0.5))));
    }

    @Test
    void rowsWithoutUsersStandForThemselves() {
        List<HeldOutRow> rows = IntStream.rangeClosed(1, 20)
                .mapToObj(rank -> ranked(0, 0, rank, 101))
                .toList();
        Interval interval = new HeldOutMetrics(rows, row -> true, false)
                .estimates(List.of("HR@10"))
                .get("HR@10")
                .interval()
                .orElseThrow();
        assertThat(interval.high() - interval.low()).isGreaterThan(0.2);
    }

    @Test
    void whatIsNotDefinedIsNotANumber() {
        Estimate auc = estimates(List.of(labelled(0, 1, 0.8)), "auc_heldout").get("auc_heldout");
        assertThat(auc.value()).isNaN();
        assertThat(auc.interval()).isEmpty();
    }
}
