package io.deepfm.data.sample;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws items that a user has no interaction with: uniform, without replacement, and a function of the key alone.
 *
 * <p>The unseen items are numbered 0..U-1 in ascending order. Floyd's algorithm draws distinct numbers, and each number
 * finds its item by binary search in the seen items. So the cost depends on the draws and not on the catalogue, and no
 * draw is ever thrown away, however much of the catalogue a user has seen.
 *
 * @see <a href="https://doi.org/10.1145/30401.315746">Bentley and Floyd, A sample of brilliance, 1987</a>
 */
final class NegativeSampler {

    private NegativeSampler() {}

    /**
     * Draws items.
     *
     * @param seen the rows of the items the user has interacted with, ascending and distinct
     * @param items the number of items; rows are 0..items-1
     * @param count how many to draw
     * @param key decides the draw; mix the seed, the epoch and the row's identity with {@link io.deepfm.config.random.Seed}
     * @return {@code count} distinct item rows outside {@code seen}, ascending; all of them where there are no more
     */
    static int[] sample(int[] seen, int items, int count, long key) {
        int unseen = items - seen.length;
        if (count >= unseen) {
            return unseenItems(seen, items);
        }
        SplittableRandom random = new SplittableRandom(key);
        int[] drawn = new int[count];
        NumberSet numbers = new NumberSet(count);
        int size = 0;
        for (int j = unseen - count; j < unseen; j++) {
            int number = random.nextInt(j + 1);
            if (!numbers.add(number)) {
                number = j;
                numbers.add(j);
            }
            drawn[size++] = item(seen, number);
        }
        Arrays.sort(drawn);
        return drawn;
    }

    /** The item that has {@code number} unseen items before it: number + the seen items at or before it. */
    private static int item(int[] seen, int number) {
        int low = 0;
        int high = seen.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (seen[middle] - middle <= number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return number + low;
    }

    /** All that a user has not seen, ascending. */
    static int[] unseenItems(int[] seen, int items) {
        int[] unseen = new int[Math.max(0, items - seen.length)];
        int next = 0;
        int size = 0;
        for (int item = 0; item < items; item++) {
            if (next < seen.length && seen[next] == item) {
                next++;
            } else {
                unseen[size++] = item;
            }
        }
        return unseen;
    }
}
