package io.deepfm.metrics;

import io.deepfm.config.Extension;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.Map;

/** The AUC over all candidates of all lists. */
public final class PooledAuc implements Metric<Extension.NoSettings> {

    @Override
    public String name() {
        return "auc";
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
        return false;
    }

    @Override
    public Tally start(NoSettings settings, int catalogue) {
        return new Tally() {
            private long positives;
            private long candidates;
            private long halfWins;

            @Override
            public void add(Summary list) {
                positives += list.label();
                candidates += 1 + list.negatives();
                halfWins += list.halfWins();
            }

            @Override
            public Map<String, Double> values() {
                return Map.of(name(), Auc.area(halfWins, positives, candidates - positives));
            }
        };
    }
}
