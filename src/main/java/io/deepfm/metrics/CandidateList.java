package io.deepfm.metrics;

/**
 * The logits of one held-out interaction and of the items its user has no interaction with.
 *
 * <p>A baseline may put other numbers in their place, by which the items rank; log loss then means nothing.
 *
 * @param label the held-out interaction's label
 * @param heldOutLogit its logit, by which it is ranked
 * @param likeLogit the logit of its label; of a model with one head the same
 * @param negativeLogits the logits of the sampled items, by which they are ranked
 */
public record CandidateList(int label, float heldOutLogit, float likeLogit, float[] negativeLogits) {

    /**
     * A list whose logits are all there is.
     *
     * @param label the held-out interaction's label
     * @param heldOutLogit its logit
     * @param negativeLogits the logits of the sampled items
     */
    public CandidateList(int label, float heldOutLogit, float[] negativeLogits) {
        this(label, heldOutLogit, heldOutLogit, negativeLogits);
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
