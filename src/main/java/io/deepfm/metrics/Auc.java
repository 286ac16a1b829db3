package io.deepfm.metrics;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The area under the ROC curve: the chance that a positive exceeds a negative, a tie counting one half.
 *
 * <p>With the positives' logits sorted, what a negative adds to the area does not depend on the other negatives. So
 * negatives may come one by one, in any order and from many machines, and the area is a sum of whole numbers: exact.
 */
public final class Auc implements Serializable {

    private static final long serialVersionUID = 1L;

    private final float[] positives;

    /**
     * @param positiveLogits the logits of all positives, in any order; one that is not a number wins nothing
     */
    public Auc(float[] positiveLogits) {
        positives = positiveLogits.clone();
        for (int i = 0; i < positives.length; i++) {
            positives[i] = Float.isNaN(positives[i]) ? Float.NEGATIVE_INFINITY : positives[i];
        }
        Arrays.sort(positives);
    }

    /**
     * What one negative adds: two for each positive above it, one for each equal to it.
     *
     * @param negativeLogit its logit; against one that is not a number nobody wins
     * @return twice its wins
     */
    public long halfWins(float negativeLogit) {
        if (Float.isNaN(negativeLogit)) {
            return 0;
        }
        int above = positives.length - firstAbove(negativeLogit);
        int equalOrAbove = positives.length - firstNotBelow(negativeLogit);
        return (long) above + equalOrAbove;
    }

    /**
     * The area.
     *
     * @param halfWins the sum of {@link #halfWins} over all negatives
     * @param negatives their number
     * @return a number from 0 to 1, or NaN where there is no positive or no negative
     */
    public double area(long halfWins, long negatives) {
        return area(halfWins, positives.length, negatives);
    }

    /** The area of a number of positives and negatives. */
    static double area(long halfWins, long positives, long negatives) {
        return halfWins / (2.0 * positives * negatives);
    }

    /**
     * The area under the ROC curve of labelled logits.
     *
     * @param logits one logit per row
     * @param labels 1 for a positive, 0 for a negative
     * @return a number from 0 to 1, or NaN where there is only one class
     */
    public static double of(float[] logits, int[] labels) {
        float[] positives = new float[logits.length];
        int count = 0;
        for (int i = 0; i < logits.length; i++) {
            if (labels[i] == 1) {
                positives[count++] = logits[i];
            }
        }
        Auc auc = new Auc(Arrays.copyOf(positives, count));
        long halfWins = 0;
        for (int i = 0; i < logits.length; i++) {
            if (labels[i] == 0) {
                halfWins += auc.halfWins(logits[i]);
            }
        }
        return auc.area(halfWins, logits.length - count);
    }

    private int firstAbove(float logit) {
        int low = 0;
        int high = positives.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (positives[middle] <= logit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int firstNotBelow(float logit) {
        int low = 0;
        int high = positives.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (positives[middle] < logit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
