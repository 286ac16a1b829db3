package io.deepfm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.config.ConfigException;
import io.deepfm.job.Configurations;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MonitoredMetricTest {

    private static final Map<String, Double> VALUES = Map.of("NDCG@10", 0.2, "auc_heldout", 0.8, "logloss", 0.5);

    private static MonitoredMetric metric(String written) {
        return MonitoredMetric.of(Configurations.defaults("training.metric=" + written));
    }

    @Test
    void aNameIsTakenAsItStands() {
        assertThat(metric("ndcg@10").name()).isEqualTo("NDCG@10");
        assertThat(metric("ndcg@10").of(VALUES)).isEqualTo(0.2);
        assertThat(metric("mrr").higherIsBetter()).isTrue();
        assertThat(metric("logloss").higherIsBetter()).isFalse();
        assertThat(metric("logloss").of(VALUES)).isEqualTo(0.5);
        assertThat(metric("gauc").of(VALUES)).isNaN();
    }

    @Test
    void aSumHasWeights() {
        MonitoredMetric sum = metric("NDCG@10 + 0.5 * auc_heldout + -1e-1*logloss");
        assertThat(sum.of(VALUES)).isCloseTo(0.2 + 0.4 - 0.05, within(1e-12));
        assertThat(sum.higherIsBetter()).isTrue();
        assertThat(sum.name()).isEqualTo("NDCG@10 + 0.5 * auc_heldout + -0.1 * logloss");
        assertThat(metric("2 * auc_heldout").of(VALUES)).isEqualTo(1.6);
    }

    @Test
    void whatCannotBeAddedUpIsRefused() {
        assertThatThrownBy(() -> metric("auc + logloss"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the weight of logloss must be less than 0");
        assertThatThrownBy(() -> metric("auc + 0.5 * NDCG@7"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there is no value of this name. Did you mean NDCG@5?");
        assertThatThrownBy(() -> metric("auc + 0.5 * nddcg"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--override training.metric=auc + 0.5 * nddcg")
                .hasMessageContaining("there is no nddcg.");
        assertThatThrownBy(() -> metric("0.5 auc")).hasMessageContaining("there is no 0.5 auc");
    }
}
