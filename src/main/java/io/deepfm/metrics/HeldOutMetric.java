package io.deepfm.metrics;

import io.deepfm.config.Extension;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.Arrays;
import java.util.Map;

/** What is computed from the logits and labels of all held-out interactions at once; of one it keeps 8 bytes. */
abstract class HeldOutMetric implements Metric<Extension.NoSettings> {

    /** The value, of one logit and one label per held-out interaction. */
    abstract double of(float[] logits, int[] labels);

    @Override
    public final Class<NoSettings> settings() {
        return NoSettings.class;
    }

    @Override
    public final boolean higherIsBetter() {
        return true;
    }

    @Override
    public final boolean needsNegatives() {
        return false;
    }

    @Override
    public final Tally start(NoSettings settings, int catalogue) {
        return new Tally() {
            private int lists;
            private float[] logits = new float[1024];
            private int[] labels = new int[1024];

            @Override
            public void add(Summary list) {
                if (lists == logits.length) {
                    logits = Arrays.copyOf(logits, lists * 2);
                    labels = Arrays.copyOf(labels, lists * 2);
                }
                logits[lists] = list.likeLogit();
                labels[lists] = list.label();
                lists++;
            }

            @Override
            public Map<String, Double> values() {
                return Map.of(name(), of(Arrays.copyOf(logits, lists), Arrays.copyOf(labels, lists)));
            }
        };
    }
}
