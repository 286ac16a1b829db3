package io.deepfm.scoring;

import java.util.Arrays;
import java.util.PriorityQueue;

/** The items with the highest logits. */
final class TopItems {

    private TopItems() {}

    /**
     * Chooses items; of equal logits the smaller row comes first, and one that is not a number comes last.
     *
     * @param logits one per item
     * @param excluded rows of items that are left out, ascending
     * @param count how many to choose
     * @return rows from the best on; fewer where there are no more
     */
    static int[] of(float[] logits, int[] excluded, int count) {
        // The worst of the chosen is at the head, to give way to a better one.
        PriorityQueue<Integer> chosen = new PriorityQueue<>((a, b) -> compare(logits, b, a));
        for (int item = 0; item < logits.length; item++) {
            boolean better = chosen.size() < count || compare(logits, item, chosen.peek()) < 0;
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
    private static int compare(float[] logits, int a, int b) {
        int byLogit = Float.compare(orLowest(logits[b]), orLowest(logits[a]));
        return byLogit != 0 ? byLogit : Integer.compare(a, b);
    }

    /** Java counts what is not a number as the greatest of all. */
    private static float orLowest(float logit) {
        return Float.isNaN(logit) ? Float.NEGATIVE_INFINITY : logit;
    }
}
