package io.deepfm.metrics;

import java.util.Arrays;

/**
 * The logits of one held-out interaction and of the items its user has no interaction with.
 *
 * <p>A baseline may put other numbers in their place, by which the items rank; log loss then means nothing.
 *
 * @param user the user's index
 * @param label the held-out interaction's label
 * @param heldOutLogit its logit, by which it is ranked
 * @param likeLogit the logit of its label; of a model with one head the same
 * @param items item indices, the held-out item first, then the sampled ones; empty where nobody asks for them
 * @param negativeLogits the logits of the sampled items, by which they are ranked
 */
public record CandidateList(
        int user, int label, float heldOutLogit, float likeLogit, int[] items, float[] negativeLogits) {

    /**
     * A list whose logits are all there is, of the user 0.
     *
     * @param label the held-out interaction's label
     * @param heldOutLogit its logit
     * @param negativeLogits the logits of the sampled items
     */
    public CandidateList(int label, float heldOutLogit, float[] negativeLogits) {
        this(0, label, heldOutLogit, heldOutLogit, new int[0], negativeLogits);
    }

    /**
     * The held-out item's place.
     *
     * @return what {@link #rank(float, float[])} gives
     */
    public int rank() {
        return rank(heldOutLogit, negativeLogits);
    }

    /**
     * The held-out item's place. A tie counts against it, so that a model that gives all items one logit earns nothing;
     * one that is not a number comes last.
     *
     * @param heldOutLogit the held-out item's logit
     * @param negativeLogits the logits of the sampled items
     * @return 1 + the number of negatives with a logit greater than or equal to it; if it is not a number, 1 + the number
     *     of negatives
     */
    public static int rank(float heldOutLogit, float[] negativeLogits) {
        if (Float.isNaN(heldOutLogit)) {
            return 1 + negativeLogits.length;
        }
        int rank = 1;
        for (float logit : negativeLogits) {
            if (logit >= heldOutLogit) {
                rank++;
            }
        }
        return rank;
    }

    /**
     * The first items of the ranking. Where logits are equal, sampled items are before the held-out one, as in {@link
     * #rank()}, and lower indices before higher ones; logits that are not a number come last.
     *
     * @param count how many, if there are as many
     * @return item indices, the best first
     */
    public int[] first(int count) {
        int[] places = new int[Math.min(count, items.length)];
        int size = 0;
        for (int place = 0; place < items.length; place++) {
            int at = size;
            while (at > 0 && isBefore(place, places[at - 1])) {
                at--;
            }
            if (at < places.length) {
                size = Math.min(size + 1, places.length);
                System.arraycopy(places, at, places, at + 1, size - at - 1);
                places[at] = place;
            }
        }
        return Arrays.stream(places).map(place -> items[place]).toArray();
    }

    private boolean isBefore(int place, int other) {
        float logit = logit(place);
        float others = logit(other);
        if (logit != others) {
            return logit > others;
        }
        return place != 0 && (other == 0 || items[place] < items[other]);
    }

    private float logit(int place) {
        float logit = place == 0 ? heldOutLogit : negativeLogits[place - 1];
        return Float.isNaN(logit) ? Float.NEGATIVE_INFINITY : logit;
    }

    /**
     * The AUC within the list, taking the held-out item as the positive.
     *
     * @return a number from 0 to 1, or NaN where there are no negatives
     */
    public double auc() {
        long halfWins = 0;
        for (float logit : negativeLogits) {
            halfWins += heldOutLogit > logit ? 2 : heldOutLogit == logit ? 1 : 0;
        }
        return halfWins / (2.0 * negativeLogits.length);
    }
}
