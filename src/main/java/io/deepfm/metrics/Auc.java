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
     * What negatives add: each two for every positive above it, one for every one equal to it. Both are in order, so that
     * one walk along the positives serves all.
     *
     * @param negativeLogits their logits, in any order; against one that is not a number nobody wins
     * @return twice the positives' wins
     */
    public long halfWins(float... negativeLogits) {
        float[] negatives = negativeLogits.clone();
        // What is not a number comes last.
        Arrays.sort(negatives);
        long halfWins = 0;
        int notBelow = 0;
        int above = 0;
        for (float negative : negatives) {
            if (Float.isNaN(negative)) {
                break;
            }
            notBelow = first(notBelow, negative, false);
            above = first(Math.max(above, notBelow), negative, true);
            halfWins += 2L * positives.length - above - notBelow;
        }
        return halfWins;
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
        float[] negatives = new float[logits.length - count];
        for (int i = 0, found = 0; i < logits.length; i++) {
            if (labels[i] == 0) {
                negatives[found++] = logits[i];
            }
        }
        Auc auc = new Auc(Arrays.copyOf(positives, count));
        return auc.area(auc.halfWins(negatives), negatives.length);
    }

    /** The first positive from some place on that is above a logit, or at least equal to it. */
    private int first(int from, float logit, boolean above) {
        // Steps that double, then halve: few whether it is near or far.
        int step = 1;
        int low = from;
        while (isBefore(low + step - 1, logit, above)) {
            low += step;
            step *= 2;
        }
        for (; step > 0; step /= 2) {
            low += isBefore(low + step - 1, logit, above) ? step : 0;
        }
        return low;
    }

    private boolean isBefore(int place, float logit, boolean above) {
        return place < positives.length && (above ? positives[place] <= logit : positives[place] < logit);
    }
}
