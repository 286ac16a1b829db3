package io.deepfm.metrics;

import io.deepfm.config.EvaluationConfig;
import io.deepfm.config.EvaluationConfig.RankingPositives;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics over the candidate lists of a split.
 *
 * <p>Lists are summarised one by one, on any machine, and the summaries are added up in one order, so that the sums are
 * the same to the last bit however the lists were spread.
 *
 * <ul>
 *   <li>{@code auc}, {@code logloss}: over all candidates of all lists, pooled
 *   <li>{@code auc_heldout}, {@code logloss_heldout}: over the held-out interactions alone
 *   <li>{@code gauc}: the mean of the lists' own AUC, over lists whose held-out label is 1
 *   <li>{@code HR@K}: the share of ranked lists whose held-out item is among the first K
 *   <li>{@code NDCG@K}: the mean of 1 / log2(1 + rank) for those, 0 for the others
 *   <li>{@code users_ranked}: the number of ranked lists
 * </ul>
 */
public final class CandidateMetrics {

    /**
     * What one list adds.
     *
     * @param label the held-out interaction's label
     * @param heldOutLogit its logit
     * @param rank its place
     * @param negatives the number of sampled items
     * @param auc the AUC within the list
     * @param halfWins the sum of {@link Auc#halfWins} over the list's rows with label 0
     * @param logLoss the sum of the log loss over the sampled items
     */
    public record Summary(
            int label, float heldOutLogit, int rank, int negatives, double auc, long halfWins, double logLoss)
            implements java.io.Serializable {

        /**
         * Summarises a list.
         *
         * @param list the logits
         * @param pooled the AUC over all lists, which knows all positives
         * @return what the list adds
         */
        public static Summary of(CandidateList list, Auc pooled) {
            long halfWins = list.label() == 0 ? pooled.halfWins(list.heldOutLogit()) : 0;
            double logLoss = 0;
            for (float logit : list.negativeLogits()) {
                halfWins += pooled.halfWins(logit);
                logLoss += LogLoss.of(logit, 0);
            }
            return new Summary(
                    list.label(),
                    list.heldOutLogit(),
                    list.rank(),
                    list.negativeLogits().length,
                    list.auc(),
                    halfWins,
                    logLoss);
        }
    }

    private final Auc pooled;
    private final List<Integer> ks;
    private final RankingPositives rankingPositives;

    private long lists;
    private long positives;
    private long candidates;
    private long halfWins;
    private double logLoss;
    private double heldOutLogLoss;
    private double groupAuc;
    private long groups;
    private long ranked;
    private final double[] hits;
    private final double[] gains;
    private float[] heldOutLogits = new float[1024];
    private int[] heldOutLabels = new int[1024];

    /**
     * @param pooled the AUC that the summaries were made with
     * @param config the cut-offs and which lists are ranked
     */
    public CandidateMetrics(Auc pooled, EvaluationConfig config) {
        this.pooled = pooled;
        this.ks = config.ks();
        this.rankingPositives = config.rankingPositives();
        this.hits = new double[ks.size()];
        this.gains = new double[ks.size()];
    }

    /**
     * The metrics of lists that are all in memory.
     *
     * @param lists the logits
     * @param config the cut-offs and which lists are ranked
     * @return value by metric name
     */
    public static Map<String, Double> of(List<CandidateList> lists, EvaluationConfig config) {
        float[] positives = new float[lists.size()];
        int count = 0;
        for (CandidateList list : lists) {
            if (list.label() == 1) {
                positives[count++] = list.heldOutLogit();
            }
        }
        Auc pooled = new Auc(Arrays.copyOf(positives, count));
        CandidateMetrics metrics = new CandidateMetrics(pooled, config);
        lists.forEach(list -> metrics.add(Summary.of(list, pooled)));
        return metrics.values();
    }

    /**
     * Adds a list.
     *
     * @param list its summary
     */
    public void add(Summary list) {
        if (lists == heldOutLogits.length) {
            heldOutLogits = Arrays.copyOf(heldOutLogits, heldOutLogits.length * 2);
            heldOutLabels = Arrays.copyOf(heldOutLabels, heldOutLabels.length * 2);
        }
        heldOutLogits[(int) lists] = list.heldOutLogit();
        heldOutLabels[(int) lists] = list.label();
        lists++;
        positives += list.label();
        candidates += 1 + list.negatives();
        halfWins += list.halfWins();
        logLoss += list.logLoss();
        heldOutLogLoss += LogLoss.of(list.heldOutLogit(), list.label());
        if (list.label() == 1 && list.negatives() > 0) {
            groupAuc += list.auc();
            groups++;
        }
        if (list.label() == 1 || rankingPositives == RankingPositives.INTERACTION) {
            rank(list.rank());
        }
    }

    private void rank(int rank) {
        ranked++;
        for (int i = 0; i < hits.length; i++) {
            if (rank <= ks.get(i)) {
                hits[i]++;
                gains[i] += Math.log(2) / Math.log(1.0 + rank);
            }
        }
    }

    /**
     * The metrics of the lists added so far.
     *
     * @return value by metric name, without the ranking metrics where no list has negatives; NaN where a metric is not defined, such as AUC with one class
     */
    public Map<String, Double> values() {
        int count = (int) lists;
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("auc", pooled.area(halfWins, candidates - positives));
        values.put("logloss", (logLoss + heldOutLogLoss) / candidates);
        values.put("auc_heldout", Auc.of(Arrays.copyOf(heldOutLogits, count), Arrays.copyOf(heldOutLabels, count)));
        values.put("logloss_heldout", heldOutLogLoss / count);
        if (lists > 0 && candidates == lists) {
            // Nothing stood beside any held-out interaction, so nothing was ranked.
            return values;
        }
        values.put("gauc", groupAuc / groups);
        for (int i = 0; i < hits.length; i++) {
            values.put("HR@" + ks.get(i), hits[i] / ranked);
        }
        for (int i = 0; i < hits.length; i++) {
            values.put("NDCG@" + ks.get(i), gains[i] / ranked);
        }
        values.put("users_ranked", (double) ranked);
        return values;
    }
}
