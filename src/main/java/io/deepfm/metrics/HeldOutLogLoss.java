package io.deepfm.metrics;

import io.deepfm.config.Extension;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.Map;

/** The mean log loss of the held-out interactions alone. */
public final class HeldOutLogLoss implements Metric<Extension.NoSettings> {

    @Override
    public String name() {
        return "logloss_heldout";
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
            private int lists;
            private double sum;

            @Override
            public void add(Summary list) {
                lists++;
                sum += LogLoss.of(list.likeLogit(), list.label());
            }

            @Override
            public Map<String, Double> values() {
                return Map.of(name(), sum / lists);
            }
        };
    }
}
