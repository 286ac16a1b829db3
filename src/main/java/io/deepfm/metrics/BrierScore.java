package io.deepfm.metrics;

import io.deepfm.config.Extension;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.Map;

/**
 * The Brier score of the held-out interactions alone: the mean squared difference between probability and label, from 0 to 1 (Brier,
 * Verification of forecasts expressed in terms of probability, Monthly Weather Review 1950, whose own sums over both classes are
 * twice as high).
 */
public final class BrierScore implements Metric<Extension.NoSettings> {

    @Override
    public String name() {
        return "brier_heldout";
    }

    @Override
    public Class<NoSettings> settings() {
        return NoSettings.class;
    }

    @Override
    public boolean higherIsBetter() {
        return false;
    }

    @Override
    public boolean needsNegatives() {
        return false;
    }

    @Override
    public Tally start(NoSettings settings, int catalogue) {
        return new Tally() {
            private long lists;
            private double sum;

            @Override
            public void add(Summary list) {
                lists++;
                double difference = Sigmoid.of(list.likeLogit()) - list.label();
                sum += difference * difference;
            }

            @Override
            public Map<String, Double> values() {
                return Map.of(name(), sum / lists);
            }
        };
    }
}
