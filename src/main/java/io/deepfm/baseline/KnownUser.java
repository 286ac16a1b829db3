package io.deepfm.baseline;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a baseline may know of a user: interactions in the order of time; ties stand as in the raw files.
 *
 * @param user the user's index
 * @param items item indices, shape (N)
 * @param labels 1 for a positive, else 0, shape (N)
 * @param before how many of them, from the first on, are earlier than what is to be ranked; N in training
 */
public record KnownUser(int user, int[] items, int[] labels, int before) implements Serializable {

    /** Which interactions count. */
    public enum Rows {
        /** All of them: who saw what. */
        ALL,
        /** Those with label 1: who liked what. */
        LIKED;

        /** As the configuration has it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The items of the history: the user's row of the binary matrix X of users by items.
     *
     * @param rows which interactions count
     * @return distinct item indices, ascending
     */
    public int[] distinct(Rows rows) {
        int[] kept = new int[items.length];
        int size = 0;
        for (int i = 0; i < items.length; i++) {
            if (rows == Rows.ALL || labels[i] == 1) {
                kept[size++] = items[i];
            }
        }
        return Arrays.stream(kept, 0, size).sorted().distinct().toArray();
    }

    /**
     * The last items before what is to be ranked.
     *
     * @param count how many, if there are as many
     * @return item indices in the order of time
     */
    public int[] last(int count) {
        return Arrays.copyOfRange(items, Math.max(0, before - count), before);
    }
}
