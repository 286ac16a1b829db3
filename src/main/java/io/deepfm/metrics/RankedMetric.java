package io.deepfm.metrics;

import io.deepfm.config.EvaluationConfig;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mean over the ranked lists of what a held-out item among the first K is worth, for several K. */
abstract class RankedMetric implements Metric<RankedMetric.Settings> {

    /** The cut-offs and which lists are ranked. */
    record Settings(EvaluationConfig evaluation) {}

    /** What an item at a rank is worth, where the rank is not above K. */
    abstract double worth(int rank, int k);

    @Override
    public final Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public final boolean higherIsBetter() {
        return true;
    }

    @Override
    public final boolean needsNegatives() {
        return true;
    }

    @Override
    public final Tally start(Settings settings, int catalogue) {
        List<Integer> ks = settings.evaluation().ks();
        return new Tally() {
            private long ranked;
            private final double[] sums = new double[ks.size()];

            @Override
            public void add(Summary list) {
                if (settings.evaluation().ranks(list.label())) {
                    ranked++;
                    for (int i = 0; i < sums.length; i++) {
                        if (list.rank() <= ks.get(i)) {
                            sums[i] += worth(list.rank(), ks.get(i));
                        }
                    }
                }
            }

            @Override
            public Map<String, Double> values() {
                Map<String, Double> values = new LinkedHashMap<>();
                for (int i = 0; i < sums.length; i++) {
                    values.put(name() + "@" + ks.get(i), sums[i] / ranked);
                }
                return values;
            }
        };
    }
}
