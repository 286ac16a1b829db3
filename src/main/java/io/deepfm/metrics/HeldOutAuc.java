package io.deepfm.metrics;

import io.deepfm.config.Extension;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.Arrays;
import java.util.Map;

/** The AUC over the held-out interactions alone. */
public final class HeldOutAuc implements Metric<Extension.NoSettings> {

    @Override
    public String name() {
        return "auc_heldout";
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
    public Tally start(NoSettings settings) {
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
                return Map.of(name(), Auc.of(Arrays.copyOf(logits, lists), Arrays.copyOf(labels, lists)));
            }
        };
    }
}
