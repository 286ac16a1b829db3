package io.deepfm.metrics;

import io.deepfm.config.EvaluationConfig;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.Map;

/** The mean reciprocal rank: the mean over the ranked lists of 1 / rank of the held-out item. */
public final class Mrr implements Metric<Mrr.Settings> {

    /** Which lists are ranked. */
    public record Settings(EvaluationConfig evaluation) {}

    @Override
    public String name() {
        return "MRR";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
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
    public Tally start(Settings settings, int catalogue) {
        return new Tally() {
            private long ranked;
            private double sum;

            @Override
            public void add(Summary list) {
                if (settings.evaluation().ranks(list.label())) {
                    ranked++;
                    sum += 1.0 / list.rank();
                }
            }

            @Override
            public Map<String, Double> values() {
                return Map.of(name(), sum / ranked);
            }
        };
    }
}
