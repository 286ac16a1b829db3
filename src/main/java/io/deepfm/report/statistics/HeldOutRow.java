package io.deepfm.report.statistics;

import java.io.Serializable;
import java.util.List;

/**
 * A held-out interaction and its place among the candidates.
 *
 * @param user the user's index; 0 in a log without users
 * @param item the item's index
 * @param interaction its line in the raw file
 * @param label 1 for a positive, else 0
 * @param rank its place in its candidate list, from 1
 * @param candidates how many items were ranked, itself among them
 * @param likeLogit the logit of its label
 * @param auc the AUC within the list; NaN where nothing else was ranked
 * @param first the first items of the ranking, by their indices
 */
public record HeldOutRow(
        int user,
        int item,
        long interaction,
        int label,
        int rank,
        int candidates,
        float likeLogit,
        double auc,
        List<Integer> first)
        implements Serializable {

    /**
     * The predicted probability of label 1.
     *
     * @return from 0 to 1
     */
    public double probability() {
        return 1 / (1 + Math.exp(-likeLogit));
    }
}
