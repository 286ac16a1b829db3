package io.deepfm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class CandidateListTest {

    @Example
    void theRankCountsTheNegativesAbove() {
        assertThat(list(2, 3, 1, 5, -4).rank()).isEqualTo(3);
        assertThat(list(2, 1, -4).rank()).isEqualTo(1);
        assertThat(list(2, 3, 4).rank()).isEqualTo(3);
    }

    @Example
    void aTieCountsAgainstTheHeldOutItem() {
        assertThat(list(2, 2, 1, 2).rank()).isEqualTo(3);
        assertThat(list(0f, -0f).rank()).isEqualTo(2);
    }

    @Example
    void theOnlyCandidateIsFirst() {
        assertThat(list(2).rank()).isEqualTo(1);
        assertThat(list(2).auc()).isNaN();
    }

    @Property
    void constantScoresRankLast(@ForAll float score, @ForAll @IntRange(max = 50) int negatives) {
        float[] scores = new float[negatives];
        Arrays.fill(scores, score);
        assertThat(new CandidateList(1, score, scores).rank()).isEqualTo(negatives + 1);
    }

    @Example
    void aLogitThatIsNoNumberRanksLast() {
        assertThat(list(Float.NaN, 1, 2).rank()).as("of the held-out item").isEqualTo(3);
        assertThat(list(Float.NaN, Float.NEGATIVE_INFINITY).rank()).isEqualTo(2);
        assertThat(list(Float.NaN, Float.NaN, Float.NaN).rank()).as("of all").isEqualTo(3);
        assertThat(list(2, Float.NaN, 1).rank()).as("of a negative").isEqualTo(1);
        assertThat(list(Float.NEGATIVE_INFINITY, Float.NaN, 1).rank()).isEqualTo(2);
    }

    @Example
    void theAucIsTheShareOfNegativesBelowWithTiesAsHalves() {
        assertThat(list(2, 3, 1, 5, -4).auc()).isEqualTo(0.5);
        assertThat(list(2, 2, 1, 2, 3).auc()).isEqualTo((0.5 + 1 + 0.5 + 0) / 4);
        assertThat(list(2, 1, 0).auc()).isEqualTo(1);
    }

    @Example
    void theFirstItemsAreTheBestWithTheHeldOutOneAfterThoseItTiesWith() {
        CandidateList list = new CandidateList(
                0, 1, 2, 2, new int[] {50, 40, 30, 20, 10}, new float[] {Float.NaN, 2, 2, Float.POSITIVE_INFINITY});
        assertThat(list.first(5)).containsExactly(10, 20, 30, 50, 40);
        assertThat(list.first(2)).containsExactly(10, 20);
        assertThat(list.first(9)).hasSize(5);
        assertThat(list.first(0)).isEmpty();
        assertThat(list(2, 1).first(3)).as("of unknown items").isEmpty();
    }

    @Property
    void theHeldOutItemIsAmongTheFirstAsItsRankSays(
            @ForAll("scores") float heldOut,
            @ForAll("manyScores") float[] negatives,
            @ForAll @IntRange(max = 12) int count) {
        int[] items = IntStream.rangeClosed(0, negatives.length).toArray();
        CandidateList list = new CandidateList(0, 1, heldOut, heldOut, items, negatives);
        int[] first = list.first(count);
        assertThat(first).doesNotHaveDuplicates().hasSize(Math.min(count, items.length));
        assertThat(Arrays.stream(first).anyMatch(item -> item == 0)).isEqualTo(list.rank() <= count);
    }

    @Provide
    Arbitrary<Float> scores() {
        return Arbitraries.integers().between(-3, 3).map(i -> (float) i);
    }

    @Provide
    Arbitrary<float[]> manyScores() {
        return scores().array(float[].class).ofMaxSize(10);
    }

    @Property
    void theAucAgreesWithTheOneOverLabelledScores(@ForAll float heldOut, @ForAll float[] negatives) {
        float[] scores = new float[negatives.length + 1];
        System.arraycopy(negatives, 0, scores, 1, negatives.length);
        scores[0] = heldOut;
        int[] labels = new int[scores.length];
        labels[0] = 1;
        assertThat(new CandidateList(0, heldOut, negatives).auc()).isEqualTo(Double.valueOf(Auc.of(scores, labels)));
    }

    private static CandidateList list(float heldOutLogit, float... negativeLogits) {
        return new CandidateList(1, heldOutLogit, negativeLogits);
    }
}
