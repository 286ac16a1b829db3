package io.deepfm.metrics;

/**
 * The scores of one held-out interaction and of the items its user has no interaction with.
 *
 * @param label the held-out interaction's label
 * @param heldOutScore its logit
 * @param negativeScores the logits of the sampled items
 */
public record CandidateList(int label, float heldOutScore, float[] negativeScores) {

    /**
     * The held-out item's place. A tie counts against it, so that a model that gives all items one score earns nothing.
     *
     * @return 1 + the number of negatives scored greater than or equal to it, or not comparable as one is not a number
     */
    public int rank() {
        int rank = 1;
        for (float score : negativeScores) {
            if (!(heldOutScore > score)) {
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
        for (float score : negativeScores) {
            halfWins += heldOutScore > score ? 2 : heldOutScore == score ? 1 : 0;
        }
        return halfWins / (2.0 * negativeScores.length);
    }
}
