package io.deepfm.scoring;

import java.util.Arrays;

/** The items with the highest logits. */
final class TopItems {

    private final float[] logits;
    private final int[] excluded;
    /** A heap: the worst of the chosen is at the head, to give way to a better one. */
    private final int[] chosen;

    private int size;

    private TopItems(float[] logits, int[] excluded, int count) {
        this.logits = logits;
        this.excluded = excluded;
        this.chosen = new int[Math.min(count, logits.length)];
    }

    /**
     * Chooses items; of equal logits the smaller row comes first, and one that is not a number comes last.
     *
     * @param logits one per item
     * @param excluded rows of items that are left out, ascending
     * @param count how many to choose
     * @return rows from the best on; fewer where there are no more
     */
    static int[] of(float[] logits, int[] excluded, int count) {
        TopItems top = new TopItems(logits, excluded, count);
        for (int item = 0; item < logits.length; item++) {
            top.offer(item);
        }
        return top.bestFirst();
    }

    private void offer(int item) {
        boolean full = size == chosen.length;
        if ((full && (size == 0 || !isBetter(item, chosen[0]))) || Arrays.binarySearch(excluded, item) >= 0) {
            return;
        }
        if (full) {
            chosen[0] = item;
            sink(0);
        } else {
            chosen[size] = item;
            rise(size++);
        }
    }

    private int[] bestFirst() {
        int[] best = new int[size];
        while (size > 0) {
            best[size - 1] = chosen[0];
            chosen[0] = chosen[--size];
            sink(0);
        }
        return best;
    }

    private void rise(int place) {
        int parent = (place - 1) / 2;
        if (place > 0 && isBetter(chosen[parent], chosen[place])) {
            swap(place, parent);
            rise(parent);
        }
    }

    private void sink(int place) {
        int worst = place;
        for (int child = 2 * place + 1; child <= 2 * place + 2 && child < size; child++) {
            worst = isBetter(chosen[worst], chosen[child]) ? child : worst;
        }
        if (worst != place) {
            swap(place, worst);
            sink(worst);
        }
    }

    private void swap(int a, int b) {
        int item = chosen[a];
        chosen[a] = chosen[b];
        chosen[b] = item;
    }

    private boolean isBetter(int item, int other) {
        int byLogit = Float.compare(orLowest(logits[item]), orLowest(logits[other]));
        return byLogit > 0 || (byLogit == 0 && item < other);
    }

    /** Java counts what is not a number as the greatest of all. */
    private static float orLowest(float logit) {
        return Float.isNaN(logit) ? Float.NEGATIVE_INFINITY : logit;
    }
}
