package io.deepfm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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
