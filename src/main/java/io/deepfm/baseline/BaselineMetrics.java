package io.deepfm.baseline;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.metrics.Auc;
import io.deepfm.metrics.CandidateList;
import io.deepfm.metrics.CandidateMetrics;
import io.deepfm.metrics.CandidateMetrics.Summary;
import io.deepfm.metrics.Ndcg;
import io.deepfm.report.BaselineResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The metrics of baselines over a split's candidate lists: those of a model's rankings, for several baselines at
 * once.
 */
final class BaselineMetrics {

    /** The K of the NDCG@K by which variants are compared: the same for all runs over a dataset, whatever they monitor. */
    private static final int K = 10;

    /** What a score has none of, as it is no logit. */
    private static final List<String> OF_PROBABILITIES =
            List.of("logloss", "logloss_heldout", "brier_heldout", "ece_heldout");

    /**
     * What was measured of a baseline.
     *
     * @param metrics value by name; NaN where it takes probabilities, as a score is no logit
     * @param ranks how many ranked lists have their held-out item at each rank, from 1 to {@link BaselineResult#RANKS}
     */
    record Measured(Map<String, Double> metrics, List<Long> ranks) {}

    private final JavaRDD<CandidateItems> lists;
    private final ExperimentConfig config;
    private final int catalogue;

    /**
     * @param lists in the order in which their sums are made
     * @param config the metrics' settings and which lists are ranked
     * @param catalogue the number of all items
     */
    BaselineMetrics(JavaRDD<CandidateItems> lists, ExperimentConfig config, int catalogue) {
        this.lists = lists;
        this.config = config;
        this.catalogue = catalogue;
    }

    /**
     * NDCG@10 alone.
     *
     * @param scores a fitted baseline
     * @return the mean over the ranked lists; NaN where there is none
     */
    double ndcg(ItemScores scores) {
        Broadcast<ItemScores> shared = context().broadcast(scores);
        boolean ranksAll = config.evaluation().ranks(0);
        List<Integer> ranks = lists.filter(list -> ranksAll || list.label() == 1)
                .map(list -> logits(shared.value(), list).rank())
                .collect();
        shared.destroy();
        return ranks.stream().mapToDouble(rank -> Ndcg.gain(rank, K)).sum() / ranks.size();
    }

    /**
     * All metrics, in two passes over the lists: first the positives' scores, then a summary of each list.
     *
     * @param all fitted baselines
     * @return what was measured of each of them
     */
    List<Measured> of(List<ItemScores> all) {
        Broadcast<List<ItemScores>> shared = context().broadcast(List.copyOf(all));
        Broadcast<List<Auc>> pooled = context().broadcast(pooled(shared, all.size()));
        int largestK = config.evaluation().largestK();
        Iterator<Summary[]> summaries = lists.map(list -> {
                    Summary[] each = new Summary[shared.value().size()];
                    for (int i = 0; i < each.length; i++) {
                        each[i] = Summary.of(
                                logits(shared.value().get(i), list),
                                pooled.value().get(i),
                                largestK);
                    }
                    return each;
                })
                .toLocalIterator();
        List<CandidateMetrics> metrics =
                all.stream().map(one -> new CandidateMetrics(config, catalogue)).toList();
        long[][] ranks = new long[all.size()][BaselineResult.RANKS];
        summaries.forEachRemaining(each -> {
            for (int i = 0; i < each.length; i++) {
                metrics.get(i).add(each[i]);
                if (config.evaluation().ranks(each[i].label()) && each[i].rank() <= BaselineResult.RANKS) {
                    ranks[i][each[i].rank() - 1]++;
                }
            }
        });
        shared.destroy();
        pooled.destroy();
        return IntStream.range(0, all.size())
                .mapToObj(i -> new Measured(
                        values(metrics.get(i)), Arrays.stream(ranks[i]).boxed().toList()))
                .toList();
    }

    private static Map<String, Double> values(CandidateMetrics metrics) {
        Map<String, Double> values = metrics.values();
        OF_PROBABILITIES.forEach(name -> values.replace(name, Double.NaN));
        return values;
    }

    /** For each baseline the AUC over all lists, which knows the scores of all positives. */
    private List<Auc> pooled(Broadcast<List<ItemScores>> shared, int count) {
        List<float[]> positives = lists.filter(list -> list.label() == 1)
                .map(list -> {
                    float[] scores = new float[count];
                    for (int i = 0; i < count; i++) {
                        scores[i] = shared.value().get(i).of(list.user(), new int[] {list.items()[0]})[0];
                    }
                    return scores;
                })
                .collect();
        List<Auc> pooled = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] own = new float[positives.size()];
            for (int list = 0; list < own.length; list++) {
                own[list] = positives.get(list)[i];
            }
            pooled.add(new Auc(own));
        }
        return pooled;
    }

    private static CandidateList logits(ItemScores scores, CandidateItems list) {
        float[] all = scores.of(list.user(), list.items());
        return new CandidateList(
                list.user().user(), list.label(), all[0], all[0], list.items(), Arrays.copyOfRange(all, 1, all.length));
    }

    private JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(lists.context());
    }
}
