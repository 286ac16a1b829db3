package io.deepfm.metrics;

import io.deepfm.config.EvaluationConfig;
import io.deepfm.config.ExperimentConfig;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The metrics over the candidate lists of a split.
 *
 * <p>Lists are summarised one by one, on any machine, and the summaries are added up in one order, so that the sums are
 * the same to the last bit however the lists were spread.
 *
 * <p>Each {@link Metric} on the classpath gives its values; {@code lists_ranked} is the number of ranked lists, and {@code
 * users_ranked} that of their users, of whom one may have several.
 */
public final class CandidateMetrics {

    /**
     * What one list adds.
     *
     * @param user the user's index
     * @param label the held-out interaction's label
     * @param heldOutLogit its logit, by which it is ranked
     * @param likeLogit the logit of its label
     * @param rank its place
     * @param first the first items of the ranking, as many as the largest K
     * @param negatives the number of sampled items
     * @param auc the AUC within the list
     * @param halfWins the sum of {@link Auc#halfWins} over the list's rows with label 0
     * @param logLoss the sum of the log loss over the sampled items
     */
    public record Summary(
            int user,
            int label,
            float heldOutLogit,
            float likeLogit,
            int rank,
            int[] first,
            int negatives,
            double auc,
            long halfWins,
            double logLoss)
            implements java.io.Serializable {

        /**
         * Summarises a list.
         *
         * @param list the logits
         * @param pooled the AUC over all lists, which knows all positives
         * @param largestK how many of the first items are kept
         * @return what the list adds
         */
        public static Summary of(CandidateList list, Auc pooled, int largestK) {
            long halfWins = pooled.halfWins(list.negativeLogits());
            if (list.label() == 0) {
                halfWins += pooled.halfWins(list.heldOutLogit());
            }
            double logLoss = 0;
            for (float logit : list.negativeLogits()) {
                logLoss += LogLoss.of(logit, 0);
            }
            return new Summary(
                    list.user(),
                    list.label(),
                    list.heldOutLogit(),
                    list.likeLogit(),
                    list.rank(),
                    list.first(largestK),
                    list.negativeLogits().length,
                    list.auc(),
                    halfWins,
                    logLoss);
        }
    }

    /** The number of users with a ranked list. */
    public static final String USERS_RANKED = "users_ranked";

    /** The number of ranked lists. */
    public static final String LISTS_RANKED = "lists_ranked";

    private final EvaluationConfig evaluation;
    private final Map<Metric<?>, Metric.Tally> tallies = new LinkedHashMap<>();
    private long lists;
    private long negatives;
    private long ranked;
    private final BitSet usersRanked = new BitSet();

    /**
     * @param config the metrics' settings and which lists are ranked
     * @param catalogue the number of all items
     */
    public CandidateMetrics(ExperimentConfig config, int catalogue) {
        this.evaluation = config.evaluation();
        Metric.registry().all().forEach(metric -> tallies.put(metric, start(metric, config, catalogue)));
    }

    private static <S extends Record> Metric.Tally start(Metric<S> metric, ExperimentConfig config, int catalogue) {
        return metric.start(config.settings(metric.settings()), catalogue);
    }

    /**
     * Adds a list.
     *
     * @param list its summary
     */
    public void add(Summary list) {
        lists++;
        negatives += list.negatives();
        if (evaluation.ranks(list.label())) {
            ranked++;
            usersRanked.set(list.user());
        }
        tallies.values().forEach(tally -> tally.add(list));
    }

    /**
     * The metrics of the lists added so far.
     *
     * @return value by name, without the metrics of rankings where no list has negatives; NaN where a metric is not
     *     defined, such as AUC with one class
     */
    public Map<String, Double> values() {
        // Where nothing stands beside any held-out interaction, nothing is ranked.
        boolean isRanking = lists == 0 || negatives > 0;
        Map<String, Double> values = new LinkedHashMap<>();
        tallies.forEach((metric, tally) -> {
            if (isRanking || !metric.needsNegatives()) {
                values.putAll(tally.values());
            }
        });
        if (isRanking) {
            values.put(USERS_RANKED, (double) usersRanked.cardinality());
            values.put(LISTS_RANKED, (double) ranked);
        }
        return values;
    }
}
