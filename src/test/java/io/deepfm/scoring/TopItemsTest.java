package io.deepfm.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The best items are those of sorting the whole catalogue. */
class TopItemsTest {

    private static final int[] NONE = {};

    @Test
    void theBestComeFirstAndEqualScoresGoByTheRow() {
        float[] scores = {0.5f, 2, -1, 2, 0.5f, 3};
        assertThat(TopItems.of(scores, NONE, 4)).containsExactly(5, 1, 3, 0);
    }

    @Test
    void aLogitThatIsNoNumberComesLast() {
        float[] logits = {Float.NaN, 2, -1, Float.NaN};
        assertThat(TopItems.of(logits, NONE, 4)).containsExactly(1, 2, 0, 3);
    }

    @Test
    void excludedItemsAreLeftOut() {
        float[] scores = {0.5f, 2, -1, 2, 0.5f, 3};
        assertThat(TopItems.of(scores, new int[] {1, 5}, 2)).containsExactly(3, 0);
    }

    @Test
    void thereMayBeFewerThanWanted() {
        assertThat(TopItems.of(new float[] {1, 2}, NONE, 10)).containsExactly(1, 0);
        assertThat(TopItems.of(new float[] {1, 2}, new int[] {0, 1}, 10)).isEmpty();
    }

    @Test
    void itIsTheBeginningOfTheSortedCatalogue() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            float[] scores = new float[1 + random.nextInt(40)];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = random.nextInt(6);
            }
            int[] excluded = IntStream.range(0, scores.length)
                    .filter(i -> random.nextInt(3) == 0)
                    .toArray();
            int count = 1 + random.nextInt(12);
            int[] sorted = IntStream.range(0, scores.length)
                    .filter(item -> Arrays.binarySearch(excluded, item) < 0)
                    .boxed()
                    .sorted(Comparator.comparing((Integer item) -> -scores[item])
                            .thenComparing(Comparator.naturalOrder()))
                    .limit(count)
                    .mapToInt(Integer::intValue)
                    .toArray();
            assertThat(TopItems.of(scores, excluded, count)).containsExactly(sorted);
        }
    }
}
