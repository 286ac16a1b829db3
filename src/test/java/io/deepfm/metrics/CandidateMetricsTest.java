package io.deepfm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.Configurations;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.data.Offset;

class CandidateMetricsTest {

    private static final Offset<Double> EXACT = within(1e-12);
    /** Sums in another order differ in the last digits; NaN equals NaN. */
    private static final Comparator<Double> ALMOST_EQUAL = (a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b);

    private static final ExperimentConfig LABEL = Configurations.defaults("evaluation.ks=[1, 2, 3]");
    private static final ExperimentConfig INTERACTION =
            Configurations.defaults("evaluation.ks=[1, 2, 3]", "evaluation.ranking_positives=interaction");

    // Ranks: 1 of 3, 2 of 3 (one above), 3 of 3 (a tie and one above), and 1 of 3 with label 0.
    private static final List<CandidateList> LISTS = List.of(
            list(1, 4, 1, 2), // its own AUC 1
            list(1, 2, 3, 0), // 1/2
            list(1, 0, 0, 1), // 1/4
            list(0, 3, 1, 2));

    @Example
    void hitRateIsTheShareOfRankedListsWhoseItemIsAmongTheFirst() {
        Map<String, Double> metrics = ListsInMemory.metrics(LISTS, LABEL);
        assertThat(metrics.get("lists_ranked")).isEqualTo(3);
        assertThat(metrics.get("HR@1")).isCloseTo(1 / 3.0, EXACT);
        assertThat(metrics.get("HR@2")).isCloseTo(2 / 3.0, EXACT);
        assertThat(metrics.get("HR@3")).isCloseTo(1, EXACT);
    }

    @Example
    void ndcgDiscountsAHitByTheLogOfItsRank() {
        Map<String, Double> metrics = ListsInMemory.metrics(LISTS, LABEL);
        // 1 / log2(1 + rank): 1, 1 / log2(3) = 0.63093, 1 / log2(4) = 0.5
        double second = 0.6309297535714574;
        assertThat(metrics.get("NDCG@1")).isCloseTo(1 / 3.0, EXACT);
        assertThat(metrics.get("NDCG@2")).isCloseTo((1 + second) / 3, EXACT);
        assertThat(metrics.get("NDCG@3")).isCloseTo((1 + second + 0.5) / 3, EXACT);
    }

    @Example
    void whatIsLikedIsMeasuredByTheLogitOfTheLabel() {
        float[] negatives = {1, 2};
        Map<String, Double> metrics = ListsInMemory.metrics(
                List.of(
                        new CandidateList(0, 1, 5, 0, new int[0], negatives),
                        new CandidateList(1, 0, 0, 3, new int[0], negatives),
                        new CandidateList(2, 0, 1.5f, -1, new int[0], negatives)),
                LABEL);
        assertThat(metrics.get("auc")).as("5 is above all").isEqualTo(1);
        assertThat(metrics.get("auc_heldout")).as("0 is between 3 and -1").isEqualTo(0.5);
        double expected = (Math.log(2) + Math.log1p(Math.exp(3)) + Math.log1p(Math.exp(-1))) / 3;
        assertThat(metrics.get("logloss_heldout")).isCloseTo(expected, within(1e-6));
        assertThat(metrics.get("HR@1")).isEqualTo(1);
    }

    @Example
    void theReciprocalRankHasNoCutOff() {
        assertThat(ListsInMemory.metrics(LISTS, LABEL).get("MRR")).isCloseTo((1 + 1 / 2.0 + 1 / 3.0) / 3, EXACT);
        assertThat(ListsInMemory.metrics(LISTS, INTERACTION).get("MRR")).isCloseTo((2 + 1 / 2.0 + 1 / 3.0) / 4, EXACT);
    }

    @Example
    void heldOutInteractionsOfLabelZeroAreRankedOnlyWhereAskedFor() {
        Map<String, Double> metrics = ListsInMemory.metrics(LISTS, INTERACTION);
        assertThat(metrics.get("lists_ranked")).isEqualTo(4);
        assertThat(metrics.get("HR@1")).isCloseTo(2 / 4.0, EXACT);
        assertThat(metrics.get("gauc"))
                .as("only the lists with a positive have one")
                .isCloseTo((1 + 0.5 + 0.25) / 3, EXACT);
    }

    @Example
    void aucAndLogLossAreOverAllCandidatesPooled() {
        Map<String, Double> metrics = ListsInMemory.metrics(LISTS, LABEL);
        // Positives 4, 2, 0 against negatives 1 2 3 0 0 1 3 1 2, the held-out 3 of label 0 among them:
        // 4 wins 9; 2 wins 5 and ties 2; 0 wins none and ties 2.
        assertThat(metrics.get("auc")).isCloseTo((9 + 5 + 2 / 2.0 + 2 / 2.0) / (3 * 9), EXACT);
        double logLoss = loss(4, 1) + loss(2, 1) + loss(0, 1) + loss(3, 0);
        for (float negative : new float[] {1, 2, 3, 0, 0, 1, 1, 2}) {
            logLoss += loss(negative, 0);
        }
        assertThat(metrics.get("logloss")).isCloseTo(logLoss / 12, EXACT);
    }

    @Example
    void heldOutMetricsAreOverTheHeldOutInteractionsAlone() {
        Map<String, Double> metrics = ListsInMemory.metrics(LISTS, LABEL);
        // Positives 4, 2, 0 against the one negative 3.
        assertThat(metrics.get("auc_heldout")).isCloseTo(1 / 3.0, EXACT);
        assertThat(metrics.get("logloss_heldout"))
                .isCloseTo((loss(4, 1) + loss(2, 1) + loss(0, 1) + loss(3, 0)) / 4, EXACT);
    }

    @Example
    void groupAucIsTheMeanOfTheListsOwn() {
        assertThat(ListsInMemory.metrics(LISTS, LABEL).get("gauc")).isCloseTo((1 + 0.5 + 0.25) / 3, EXACT);
    }

    @Example
    void withOneHeldOutItemPrecisionRecallAndMapFollowFromItsRank() {
        // Ranks 1, 2 and 3.
        Map<String, Double> metrics = ListsInMemory.metrics(LISTS, LABEL);
        assertThat(metrics.get("Precision@1")).isCloseTo(1 / 3.0, EXACT);
        assertThat(metrics.get("Precision@2")).isCloseTo((1 / 2.0 + 1 / 2.0) / 3, EXACT);
        assertThat(metrics.get("Precision@3")).isCloseTo((1 / 3.0 + 1 / 3.0 + 1 / 3.0) / 3, EXACT);
        assertThat(metrics.get("MAP@1")).isCloseTo(1 / 3.0, EXACT);
        assertThat(metrics.get("MAP@2")).isCloseTo((1 + 1 / 2.0) / 3, EXACT);
        assertThat(metrics.get("MAP@3")).isCloseTo((1 + 1 / 2.0 + 1 / 3.0) / 3, EXACT);
        for (int k = 1; k <= 3; k++) {
            assertThat(metrics.get("Recall@" + k)).isEqualTo(metrics.get("HR@" + k));
        }
    }

    @Example
    void coverageIsTheShareOfTheCatalogueAmongTheFirstOfAnyList() {
        List<CandidateList> lists = List.of(
                new CandidateList(0, 1, 2, 2, new int[] {7, 3, 4}, new float[] {1, 3}), // 4, 7, 3
                new CandidateList(1, 0, 0, 0, new int[] {2, 4, 7}, new float[] {5, 1}), // 4, 7, 2; counts, too
                new CandidateList(2, 1, 9, 9, new int[] {5}, new float[0])); // 5
        Map<String, Double> metrics = ListsInMemory.metrics(lists, LABEL, 10);
        assertThat(metrics.get("Coverage@1")).as("4 and 5").isEqualTo(0.2);
        assertThat(metrics.get("Coverage@2")).as("and 7").isEqualTo(0.3);
        assertThat(metrics.get("Coverage@3")).as("and 3 and 2").isEqualTo(0.5);
    }

    @Example
    void aUserWithSeveralListsIsOne() {
        List<CandidateList> lists = List.of(
                new CandidateList(4, 1, 2, 2, new int[0], new float[] {1}),
                new CandidateList(4, 1, 0, 0, new int[0], new float[] {1}),
                new CandidateList(6, 1, 0, 0, new int[0], new float[] {1}),
                new CandidateList(9, 0, 0, 0, new int[0], new float[] {1}));
        assertThat(ListsInMemory.metrics(lists, LABEL))
                .containsEntry("users_ranked", 2.0)
                .containsEntry("lists_ranked", 3.0);
        assertThat(ListsInMemory.metrics(lists, INTERACTION))
                .containsEntry("users_ranked", 3.0)
                .containsEntry("lists_ranked", 4.0);
    }

    @Example
    void theMetricsComeInOneOrder() {
        assertThat(ListsInMemory.metrics(LISTS, LABEL).keySet())
                .containsExactly(
                        "auc",
                        "logloss",
                        "auc_heldout",
                        "logloss_heldout",
                        "gauc",
                        "HR@1",
                        "HR@2",
                        "HR@3",
                        "NDCG@1",
                        "NDCG@2",
                        "NDCG@3",
                        "MRR",
                        "Precision@1",
                        "Precision@2",
                        "Precision@3",
                        "Recall@1",
                        "Recall@2",
                        "Recall@3",
                        "MAP@1",
                        "MAP@2",
                        "MAP@3",
                        "Coverage@1",
                        "Coverage@2",
                        "Coverage@3",
                        "pr_auc_heldout",
                        "brier_heldout",
                        "ece_heldout",
                        "users_ranked",
                        "lists_ranked");
    }

    @Example
    void aListOfOneCandidateIsRankedFirstAndHasNoAucOfItsOwn() {
        Map<String, Double> metrics = ListsInMemory.metrics(List.of(list(1, 0), list(1, 2, 3, 0)), LABEL);
        assertThat(metrics.get("lists_ranked")).isEqualTo(2);
        assertThat(metrics.get("HR@1")).isEqualTo(0.5);
        assertThat(metrics.get("gauc")).isEqualTo(0.5);
        // Positives 0 and 2 against 3 and 0: a tie and a win.
        assertThat(metrics.get("auc")).isEqualTo(1.5 / 4);
        assertThat(metrics.get("logloss")).isCloseTo((loss(0, 1) + loss(2, 1) + loss(3, 0) + loss(0, 0)) / 4, EXACT);
    }

    @Example
    void oneClassLeavesNothingToTellApart() {
        Map<String, Double> onlyPositives = ListsInMemory.metrics(List.of(list(1, 0), list(1, 1)), LABEL);
        assertThat(onlyPositives.get("auc")).isNaN();
        assertThat(onlyPositives.get("auc_heldout")).isNaN();
        // Nor is there anything to rank without negatives.
        assertThat(onlyPositives)
                .containsOnlyKeys(
                        "auc",
                        "logloss",
                        "auc_heldout",
                        "logloss_heldout",
                        "pr_auc_heldout",
                        "brier_heldout",
                        "ece_heldout");
        Map<String, Double> onlyNegatives = ListsInMemory.metrics(List.of(list(0, 0, 1)), LABEL);
        assertThat(onlyNegatives.get("auc")).isNaN();
        assertThat(onlyNegatives.get("HR@1")).isNaN();
        assertThat(onlyNegatives.get("NDCG@3")).isNaN();
        assertThat(onlyNegatives.get("lists_ranked")).isZero();
        assertThat(onlyNegatives.get("logloss")).isCloseTo((loss(0, 0) + loss(1, 0)) / 2, EXACT);
    }

    @Example
    void noListsHaveNoMetrics() {
        Map<String, Double> metrics = ListsInMemory.metrics(List.of(), LABEL);
        assertThat(metrics.get("lists_ranked")).isZero();
        metrics.keySet().removeAll(List.of("users_ranked", "lists_ranked", "Coverage@1", "Coverage@2", "Coverage@3"));
        assertThat(metrics.values()).allMatch(value -> Double.isNaN(value));
    }

    @Example
    void aModelThatScoresAllItemsAlikeEarnsNothing() {
        List<CandidateList> lists = Collections.nCopies(20, list(1, 7, 7, 7, 7, 7));
        Map<String, Double> metrics = ListsInMemory.metrics(lists, LABEL);
        assertThat(metrics.get("auc")).isEqualTo(0.5);
        assertThat(metrics.get("gauc")).isEqualTo(0.5);
        assertThat(metrics.get("HR@3")).isZero();
        assertThat(metrics.get("NDCG@3")).isZero();
    }

    @Example
    void thousandsOfListsAreKept() {
        // More than the first size of what is kept per list.
        List<CandidateList> lists = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            lists.add(list(i % 3 == 0 ? 1 : 0, i % 3 == 0 ? 1 : -1, 0));
        }
        Map<String, Double> metrics = ListsInMemory.metrics(lists, LABEL);
        assertThat(metrics.get("lists_ranked")).isEqualTo(1000);
        assertThat(metrics.get("auc_heldout")).isEqualTo(1);
    }

    @Property(tries = 300)
    void theOrderOfListsDoesNotMatter(@ForAll("listsOfCandidates") List<CandidateList> lists, @ForAll long seed) {
        List<CandidateList> shuffled = new ArrayList<>(lists);
        Collections.shuffle(shuffled, new Random(seed));
        Map<String, Double> metrics = ListsInMemory.metrics(lists, INTERACTION);
        Map<String, Double> ofShuffled = ListsInMemory.metrics(shuffled, INTERACTION);
        ofShuffled.forEach((name, value) ->
                assertThat(value).as(name).usingComparator(ALMOST_EQUAL).isEqualTo(metrics.get(name)));
    }

    @Property(tries = 300)
    void pooledMetricsAreThoseOfAllRowsTogether(@ForAll("listsOfCandidates") List<CandidateList> lists) {
        List<Float> scores = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        double logLoss = 0;
        for (CandidateList list : lists) {
            scores.add(list.heldOutLogit());
            labels.add(list.label());
            for (float negative : list.negativeLogits()) {
                scores.add(negative);
                labels.add(0);
            }
        }
        float[] all = new float[scores.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = scores.get(i);
            logLoss += LogLoss.of(all[i], labels.get(i));
        }
        Map<String, Double> metrics = ListsInMemory.metrics(lists, LABEL);
        assertThat(metrics.get("auc"))
                .isEqualTo(Double.valueOf(
                        Auc.of(all, labels.stream().mapToInt(label -> label).toArray())));
        assertThat(metrics.get("logloss")).isCloseTo(logLoss / all.length, within(1e-9));
    }

    @Property(tries = 300)
    void summariesMadeApartGiveTheSameBits(@ForAll("listsOfCandidates") List<CandidateList> lists) {
        List<CandidateList> positive =
                lists.stream().filter(list -> list.label() == 1).toList();
        float[] scores = new float[positive.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[scores.length - 1 - i] = positive.get(i).heldOutLogit();
        }
        Auc pooled = new Auc(scores);
        CandidateMetrics metrics = new CandidateMetrics(LABEL, 100);
        List<Summary> summaries =
                lists.parallelStream().map(list -> Summary.of(list, pooled, 3)).toList();
        summaries.forEach(metrics::add);
        assertThat(metrics.values()).isEqualTo(ListsInMemory.metrics(lists, LABEL));
    }

    @Provide
    Arbitrary<List<CandidateList>> listsOfCandidates() {
        Arbitrary<Float> scores = Arbitraries.integers().between(-20, 20).map(i -> i / 4f);
        Arbitrary<float[]> negatives = scores.array(float[].class).ofMaxSize(8);
        return Combinators.combine(Arbitraries.integers().between(0, 1), scores, negatives)
                .as(CandidateList::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    private static CandidateList list(int label, float heldOutLogit, float... negativeLogits) {
        return new CandidateList(label, heldOutLogit, negativeLogits);
    }

    /** By the definition: the probability is sigmoid(logit). */
    private static double loss(double logit, int label) {
        double probability = 1 / (1 + Math.exp(-logit));
        return -Math.log(label == 1 ? probability : 1 - probability);
    }
}
