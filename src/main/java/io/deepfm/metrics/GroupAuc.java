package io.deepfm.metrics;

import io.deepfm.config.Extension;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.Map;

/** The mean of the lists' own AUC, over lists whose held-out label is 1. */
public final class GroupAuc implements Metric<Extension.NoSettings> {

    @Override
    public String name() {
        return "gauc";
    }

    @Override
    public Class<NoSettings> settings() {
        return NoSettings.class;
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    @Override
    public boolean needsNegatives() {
        return true;
    }

    @Override
    public Tally start(NoSettings settings, int catalogue) {
        return new Tally() {
            private long groups;
            private double sum;

            @Override
            public void add(Summary list) {
                if (list.label() == 1 && list.negatives() > 0) {
                    sum += list.auc();
                    groups++;
                }
            }

            @Override
            public Map<String, Double> values() {
                return Map.of(name(), sum / groups);
            }
        };
    }
}
