package io.deepfm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConstantRateTest {

    @Test
    void theLogLossOfAConstantFollowsFromTheShares() {
        ConstantRate rate = ConstantRate.of(0.25, 0.5, 1).orElseThrow();
        assertThat(rate.trainRate()).isEqualTo(0.25);
        // Half of the rows cost -log(1/4), half -log(3/4).
        assertThat(rate.valLogloss()).isCloseTo((Math.log(4) + Math.log(4 / 3.0)) / 2, within(1e-12));
        assertThat(rate.testLogloss()).isCloseTo(Math.log(4), within(1e-12));
    }

    @Test
    void oneClassLeavesNothingToPredict() {
        assertThat(ConstantRate.of(1, 1, 1)).isEmpty();
        assertThat(ConstantRate.of(0, 0.5, 0.5)).isEmpty();
    }

    @Test
    void onlyAModelThatIsWorseIsWarnedOf() {
        ConstantRate rate = new ConstantRate(0.676, 0.62, 0.6257);
        assertThat(rate.warning(Map.of("logloss_heldout", 0.7913), true).orElseThrow())
                .contains("logloss_heldout is 0.7913, and 0.6257 where 0.676", "model.heads = two");
        assertThat(rate.warning(Map.of("logloss_heldout", 0.7913), false).orElseThrow())
                .doesNotContain("model.heads");
        assertThat(rate.warning(Map.of("logloss_heldout", 0.6257), true)).isEmpty();
        assertThat(rate.warning(Map.of("logloss_heldout", Double.NaN), true)).isEmpty();
        assertThat(rate.warning(Map.of(), true)).isEmpty();
    }
}
