package io.deepfm.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTableTest {

    @Test
    void aColumnPerMetricUnderItsNameAndARowPerModel() {
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        rows.put("deepfm", metrics(0.90754, 0.45));
        rows.put("popularity", metrics(0.7, 1));
        assertThat(MetricsTable.of(rows))
                .containsExactly(
                        "               auc   HR@10", //
                        "deepfm      0.9075  0.4500",
                        "popularity  0.7000  1.0000");
    }

    @Test
    void whatIsNotDefinedIsADashAndCountsAreNoMetric() {
        Map<String, Double> metrics = metrics(Double.NaN, 0.5);
        metrics.put("users_ranked", 12.0);
        metrics.put("logloss_heldout", null);
        assertThat(MetricsTable.of(Map.of("m", metrics)))
                .containsExactly("      auc   HR@10  logloss_heldout", "m       -  0.5000                -");
    }

    private static Map<String, Double> metrics(double auc, double hitRate) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("auc", auc);
        metrics.put("HR@10", hitRate);
        return metrics;
    }
}
