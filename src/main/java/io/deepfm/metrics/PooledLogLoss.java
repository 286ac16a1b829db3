package io.deepfm.metrics;

import io.deepfm.config.Extension;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.Map;

/** The mean log loss of all candidates of all lists. */
public final class PooledLogLoss implements Metric<Extension.NoSettings> {

    @Override
    public String name() {
        return "logloss";
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
            private long candidates;
            private double negatives;
            private double heldOut;

            @Override
            public void add(Summary list) {
                candidates += 1 + list.negatives();
                negatives += list.logLoss();
                heldOut += LogLoss.of(list.heldOutLogit(), list.label());
            }

            @Override
            public Map<String, Double> values() {
                return Map.of(name(), (negatives + heldOut) / candidates);
            }
        };
    }
}
