package io.deepfm.scoring;

import java.util.Arrays;
import java.util.PriorityQueue;

/** The items with the highest scores. */
final class TopItems {

    private TopItems() {}

    /**
     * Chooses items; of equal scores the smaller row comes first.
     *
     * @param scores one per item
     * @param excluded rows of items that are left out, ascending
     * @param count how many to choose
     * @return rows from the best on; fewer where there are no more
     */
    static int[] of(float[] scores, int[] excluded, int count) {
        // The worst of the chosen is at the head, to give way to a better one.
        PriorityQueue<Integer> chosen = new PriorityQueue<>((a, b) -> compare(scores, b, a));
        for (int item = 0; item < scores.length; item++) {
            boolean better = chosen.size() < count || compare(scores, item, chosen.peek()) < 0;
            if (better && Arrays.binarySearch(excluded, item) < 0) {
                chosen.add(item);
                if (chosen.size() > count) {
                    chosen.remove();
                }
            }
        }
        int[] best = new int[chosen.size()];
        for (int i = best.length - 1; i >= 0; i--) {
            best[i] = chosen.remove();
        }
        return best;
    }

    /** Negative where the first comes before the second. */
    private static int compare(float[] scores, int a, int b) {
        int byScore = Float.compare(scores[b], scores[a]);
        return byScore != 0 ? byScore : Integer.compare(a, b);
    }
}
