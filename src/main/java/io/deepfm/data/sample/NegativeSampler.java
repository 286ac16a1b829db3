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

    private static final int FREE = -1;
    /** 2^32 divided by the golden ratio: its multiples spread evenly. */
    private static final int FIBONACCI = 0x9E3779B9;

    private NegativeSampler() {}

    /**
     * Draws items.
     *
     * @param seen the rows of the items the user has interacted with, ascending and distinct
     * @param items the number of items; rows are 0..items-1
     * @param count how many to draw
     * @param key decides the draw; mix the seed, the epoch and the row's identity with {@link io.deepfm.config.Seed}
     * @return {@code count} distinct item rows outside {@code seen}, ascending; all of them where there are no more
     */
    static int[] sample(int[] seen, int items, int count, long key) {
        int unseen = items - seen.length;
        if (count >= unseen) {
            return unseenItems(seen, items);
        }
        SplittableRandom random = new SplittableRandom(key);
        int[] drawn = new int[count];
        int[] table = new int[Integer.highestOneBit(Math.max(1, count)) << 2];
        Arrays.fill(table, FREE);
        int size = 0;
        for (int j = unseen - count; j < unseen; j++) {
            int number = random.nextInt(j + 1);
            if (!add(table, number)) {
                number = j;
                add(table, j);
            }
            drawn[size++] = item(seen, number);
        }
        Arrays.sort(drawn);
        return drawn;
    }

    /** Adds a number to an open-addressing hash table of a power of two of places, unless it holds it. */
    private static boolean add(int[] table, int number) {
        int mask = table.length - 1;
        int place = number * FIBONACCI >>> Integer.numberOfLeadingZeros(mask);
        while (table[place] != FREE) {
            if (table[place] == number) {
                return false;
            }
            place = place + 1 & mask;
        }
        table[place] = number;
        return true;
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

    private static int[] unseenItems(int[] seen, int items) {
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
