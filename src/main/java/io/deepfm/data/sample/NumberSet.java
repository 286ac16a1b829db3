package io.deepfm.data.sample;

import java.util.Arrays;

/** Some numbers from 0 on: an open-addressing hash table of a power of two of places. */
final class NumberSet {

    private static final int FREE = -1;
    /** 2^32 divided by the golden ratio: its multiples spread evenly. */
    private static final int FIBONACCI = 0x9E3779B9;

    private final int[] table;

    /**
     * @param most how many numbers it will hold
     */
    NumberSet(int most) {
        table = new int[Integer.highestOneBit(Math.max(1, most)) << 2];
        Arrays.fill(table, FREE);
    }

    /** Adds a number, unless it is there already; whether it was added. */
    boolean add(int number) {
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
}
