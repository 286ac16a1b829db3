package io.deepfm.metrics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The area under the precision-recall curve over the held-out interactions alone, as average precision: the sum over the
 * thresholds, from the highest logit down, of the precision there times what recall gains there; no points are interpolated
 * (Davis and Goadrich, The relationship between precision-recall and ROC curves, ICML 2006, says why). Rows of equal logits are one
 * threshold. It is the share of positives where the order is random, and NaN where there is none.
 */
public final class AveragePrecision extends HeldOutMetric {

    @Override
    public String name() {
        return "pr_auc_heldout";
    }

    @Override
    double of(float[] logits, int[] labels) {
        float[] positives = descending(logits, labels, 1);
        float[] negatives = descending(logits, labels, 0);
        double sum = 0;
        int negativesFound = 0;
        for (int found = 0; found < positives.length; ) {
            float threshold = positives[found];
            int before = found;
            while (found < positives.length && positives[found] == threshold) {
                found++;
            }
            while (negativesFound < negatives.length && negatives[negativesFound] <= threshold) {
                negativesFound++;
            }
            sum += (found - before) * (found / (double) (found + negativesFound));
        }
        return sum / positives.length;
    }

    /** The logits of a label with their signs turned, so that ascending is descending; one that is not a number comes last. */
    private static float[] descending(float[] logits, int[] labels, int label) {
        int[] rows = IntStream.range(0, logits.length)
                .filter(i -> labels[i] == label)
                .toArray();
        float[] turned = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            // 0 minus, as a minus sign makes -0 of 0, which sorting would keep apart.
            turned[i] = Float.isNaN(logits[rows[i]]) ? Float.POSITIVE_INFINITY : 0 - logits[rows[i]];
        }
        Arrays.sort(turned);
        return turned;
    }
}
