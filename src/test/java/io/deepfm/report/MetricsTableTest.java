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
        metrics.put("lists_ranked", 13.0);
        metrics.put("logloss_heldout", null);
        assertThat(MetricsTable.of(Map.of("m", metrics)))
                .containsExactly("      auc   HR@10  logloss_heldout", "m       -  0.5000                -");
    }

    @Test
    void whatALineDoesNotHoldIsASecondTable() {
        Map<String, Double> metrics = metrics(0.75, 0.5);
        for (String name : new String[] {"Precision@10", "Recall@10", "MAP@10", "brier_heldout"}) {
            metrics.put(name, 0.25);
        }
        metrics.put("own", 1.0);
        assertThat(MetricsTable.of(Map.of("m", metrics)))
                .containsExactly(
                        "      auc   HR@10     own",
                        "m  0.7500  0.5000  1.0000",
                        "",
                        "   MAP@10  brier_heldout",
                        "m  0.2500         0.2500");
    }

    private static Map<String, Double> metrics(double auc, double hitRate) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("auc", auc);
        metrics.put("HR@10", hitRate);
        return metrics;
    }
}
