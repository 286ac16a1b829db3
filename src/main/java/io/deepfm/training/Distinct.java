package io.deepfm.training;

import java.util.Arrays;

/** Numbers the distinct ones of some integers in the order of their first occurrence, by a hash table with linear probing. */
final class Distinct {

    private static final int FREE = -1;

    private int[] values = new int[0];
    private int[] places = new int[0];
    private int shift;
    private int size;

    /**
     * Forgets all.
     *
     * @param most how many distinct integers there may be from now on
     */
    void clear(int most) {
        // At most half full, so that probing ends soon.
        int bits = 33 - Integer.numberOfLeadingZeros(Math.max(1, most));
        if (places.length < 1 << bits) {
            places = new int[1 << bits];
        }
        if (values.length < most) {
            values = new int[most];
        }
        shift = 32 - bits;
        Arrays.fill(places, 0, 1 << bits, FREE);
        size = 0;
    }

    /**
     * The place of an integer among the distinct ones.
     *
     * @param value not negative
     * @return from 0
     */
    int place(int value) {
        int mask = (1 << (32 - shift)) - 1;
        // The high bits of a product with an odd number of mixed bits are well spread.
        for (int at = (value * 0x9E3779B1) >>> shift; ; at = (at + 1) & mask) {
            if (places[at] == FREE) {
                places[at] = size;
                values[size] = value;
                return size++;
            }
            if (values[places[at]] == value) {
                return places[at];
            }
        }
    }

    /**
     * The distinct integers.
     *
     * @return a copy, each at its place
     */
    int[] values() {
        return Arrays.copyOf(values, size);
    }
}
