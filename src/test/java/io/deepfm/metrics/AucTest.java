package io.deepfm.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AucTest {

    /** NaN equals NaN. */
    private static final Comparator<Double> ALMOST_EQUAL = (a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b);

    /** A score and its label. */
    record Scored(float score, int label) {}

    @Example
    void isTheShareOfPairsInTheRightOrder() {
        // The positives 0.8 and 0.35 against the negatives 0.1 and 0.4: right, right, right, wrong.
        assertThat(Auc.of(new float[] {0.1f, 0.4f, 0.35f, 0.8f}, new int[] {0, 0, 1, 1}))
                .isEqualTo(0.75);
    }

    @Example
    void isOneForAPerfectOrderAndZeroForTheReverse() {
        float[] scores = {-3, -2, 5, 6};
        assertThat(Auc.of(scores, new int[] {0, 0, 1, 1})).isEqualTo(1);
        assertThat(Auc.of(scores, new int[] {1, 1, 0, 0})).isZero();
    }

    @Example
    void aTieCountsOneHalf() {
        // The positives 2 and 1 against the negatives 2 and 0: tie, right, wrong, right.
        assertThat(Auc.of(new float[] {2, 1, 2, 0}, new int[] {1, 1, 0, 0})).isEqualTo(2.5 / 4);
        assertThat(Auc.of(new float[] {7, 7, 7}, new int[] {1, 0, 0})).isEqualTo(0.5);
        assertThat(Auc.of(new float[] {0.0f, -0.0f}, new int[] {1, 0}))
                .as("the two zeros are one number")
                .isEqualTo(0.5);
    }

    @Example
    void isNotDefinedForOneClassOrNoRows() {
        assertThat(Auc.of(new float[] {1, 2}, new int[] {1, 1})).isNaN();
        assertThat(Auc.of(new float[] {1, 2}, new int[] {0, 0})).isNaN();
        assertThat(Auc.of(new float[0], new int[0])).isNaN();
    }

    @Example
    void aScoreThatIsNoNumberWinsNothing() {
        // Of two pairs the positive 2 wins one; against a negative that is no number nobody wins.
        assertThat(Auc.of(new float[] {Float.NaN, 2, 1}, new int[] {1, 1, 0}))
                .satisfiesAnyOf(auc -> assertThat(auc).isEqualTo(0.5), auc -> assertThat(auc)
                        .isNaN());
        assertThat(Auc.of(new float[] {3, 2, Float.NaN}, new int[] {1, 1, 0}))
                .satisfiesAnyOf(
                        auc -> assertThat(auc).isZero(), auc -> assertThat(auc).isNaN());
    }

    @Example
    void countsTheHalfWinsOverOneNegative() {
        Auc auc = new Auc(new float[] {3, 1, 2, 2});
        assertThat(auc.halfWins(0)).as("below all four").isEqualTo(8);
        assertThat(auc.halfWins(2)).as("below one, equal to two").isEqualTo(4);
        assertThat(auc.halfWins(2.5f)).as("below one").isEqualTo(2);
        assertThat(auc.halfWins(3)).as("equal to one").isEqualTo(1);
        assertThat(auc.halfWins(4)).as("above all").isZero();
        assertThat(auc.area(8 + 4 + 0, 3)).isEqualTo(12 / 24.0);
    }

    @Example
    void theCallersScoresStayAsTheyAre() {
        float[] positives = {3, 1, 2};
        new Auc(positives);
        assertThat(positives).containsExactly(3, 1, 2);
    }

    @Property
    void equalsTheCountOverAllPairs(@ForAll("scoredRows") List<Scored> rows) {
        assertThat(auc(rows)).usingComparator(ALMOST_EQUAL).isEqualTo(countPairs(rows));
    }

    @Property
    void theOrderOfRowsDoesNotMatter(@ForAll("scoredRows") List<Scored> rows, @ForAll long seed) {
        List<Scored> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(auc(shuffled)).isEqualTo(Double.valueOf(auc(rows)));
    }

    @Property
    void negativesMayBeAddedUpInParts(@ForAll("scoredRows") List<Scored> rows, @ForAll long seed) {
        Auc auc = new Auc(floats(rows, 1));
        float[] negatives = floats(rows, 0);
        Random random = new Random(seed);
        long[] parts = new long[3];
        for (float negative : negatives) {
            parts[random.nextInt(3)] += auc.halfWins(negative);
        }
        assertThat(auc.area(parts[2] + parts[0] + parts[1], negatives.length)).isEqualTo(Double.valueOf(auc(rows)));
    }

    @Provide
    Arbitrary<List<Scored>> scoredRows() {
        // Few values, for many ties, and some that are far apart.
        Arbitrary<Float> scores =
                Arbitraries.oneOf(Arbitraries.integers().between(-4, 4).map(i -> i / 4f), Arbitraries.floats());
        return Combinators.combine(scores, Arbitraries.integers().between(0, 1))
                .as(Scored::new)
                .list()
                .ofMaxSize(60);
    }

    private static double auc(List<Scored> rows) {
        float[] scores = new float[rows.size()];
        int[] labels = new int[rows.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = rows.get(i).score();
            labels[i] = rows.get(i).label();
        }
        return Auc.of(scores, labels);
    }

    private static double countPairs(List<Scored> rows) {
        double wins = 0;
        int pairs = 0;
        for (float positive : floats(rows, 1)) {
            for (float negative : floats(rows, 0)) {
                pairs++;
                wins += positive > negative ? 1 : positive == negative ? 0.5 : 0;
            }
        }
        return wins / pairs;
    }

    private static float[] floats(List<Scored> rows, int label) {
        List<Scored> chosen = rows.stream().filter(row -> row.label() == label).toList();
        float[] scores = new float[chosen.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = chosen.get(i).score();
        }
        return scores;
    }
}
