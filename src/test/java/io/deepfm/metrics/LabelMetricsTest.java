package io.deepfm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.job.Configurations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Average precision, Brier score and calibration error of labelled rows, such as those of a click log. */
class LabelMetricsTest {

    private static final Offset<Double> EXACT = within(1e-6);

    @Test
    void averagePrecisionIsThePrecisionAtEachGainOfRecall() {
        // From the highest logit down: 1, 0, 1, 1, 0. Precision at the positives: 1/1, 2/3, 3/4.
        assertThat(averagePrecision(new float[] {5, 4, 3, 2, 1}, 1, 0, 1, 1, 0))
                .isCloseTo((1 + 2 / 3.0 + 3 / 4.0) / 3, EXACT);
        assertThat(averagePrecision(new float[] {1, 3, 5, 2, 4}, 0, 1, 1, 1, 0))
                .as("in another order")
                .isCloseTo((1 + 2 / 3.0 + 3 / 4.0) / 3, EXACT);
    }

    @Test
    void rowsOfEqualLogitsAreOneThreshold() {
        // 2 of 4 rows are found together, with precision 2/4, then the third of three with 3/5.
        assertThat(averagePrecision(new float[] {2, 2, 2, 2, -1}, 1, 0, 1, 0, 1))
                .isCloseTo((2 * 2 / 4.0 + 3 / 5.0) / 3, EXACT);
        assertThat(averagePrecision(new float[] {0f, -0f}, 1, 0)).isEqualTo(0.5);
        assertThat(averagePrecision(new float[] {Float.NaN, -9, 8}, 1, 0, 1))
                .as("what is not a number is last")
                .isCloseTo((1 + 2 / 3.0) / 2, EXACT);
    }

    @Test
    void averagePrecisionNeedsAPositive() {
        assertThat(averagePrecision(new float[] {1, 2}, 0, 0)).isNaN();
        assertThat(averagePrecision(new float[] {1, 2}, 1, 1)).isEqualTo(1);
    }

    @Test
    void theBrierScoreIsTheMeanSquaredDifference() {
        // (0.8 - 1)^2, (0.8 - 0)^2, (0.5 - 1)^2
        Map<String, Double> metrics = metrics(row(0.8, 1), row(0.8, 0), row(0.5, 1));
        assertThat(metrics.get("brier_heldout")).isCloseTo((0.04 + 0.64 + 0.25) / 3, EXACT);
    }

    @Test
    void theCalibrationErrorComparesProbabilitiesWithSharesInTenBins() {
        // 0.82 and 0.88, one of two: |0.85 - 0.5|. 0.12 and 0.18, none: 0.15. 0.33 alone, a positive: 0.67.
        Map<String, Double> metrics = metrics(row(0.82, 1), row(0.88, 0), row(0.12, 0), row(0.18, 0), row(0.33, 1));
        assertThat(metrics.get("ece_heldout")).isCloseTo((2 * 0.35 + 2 * 0.15 + 0.67) / 5, EXACT);
    }

    @Test
    void aProbabilityOfOneIsInTheLastBin() {
        // With 0.9 in one bin: |0.95 - 1|.
        assertThat(metrics(new CandidateList(1, 100, new float[0]), row(0.901, 1))
                        .get("ece_heldout"))
                .isCloseTo((1 - 1 + 1 - 0.901) / 2, EXACT);
        assertThat(metrics(new CandidateList(0, -200, new float[0])).get("ece_heldout"))
                .isCloseTo(0, EXACT);
    }

    @Test
    void whatIsNotANumberHasNoProbability() {
        Map<String, Double> metrics = metrics(row(0.8, 1), new CandidateList(1, Float.NaN, new float[0]));
        assertThat(metrics.get("brier_heldout")).isNaN();
        assertThat(metrics.get("ece_heldout")).isNaN();
    }

    private static double averagePrecision(float[] logits, int... labels) {
        List<CandidateList> rows = new ArrayList<>();
        for (int i = 0; i < logits.length; i++) {
            rows.add(new CandidateList(labels[i], logits[i], new float[0]));
        }
        return metrics(rows.toArray(CandidateList[]::new)).get("pr_auc_heldout");
    }

    private static CandidateList row(double probability, int label) {
        return new CandidateList(label, (float) Math.log(probability / (1 - probability)), new float[0]);
    }

    private static Map<String, Double> metrics(CandidateList... rows) {
        return ListsInMemory.metrics(List.of(rows), Configurations.defaults());
    }
}
