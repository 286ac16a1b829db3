package io.deepfm.report.facts;

import java.util.List;

/**
 * A user of the test split, to look at.
 *
 * @param key what identifies the user in the raw files
 * @param history the latest interactions before the held-out one, the last first
 * @param first the first items of the ranking
 * @param heldOut the held-out item
 * @param rank its place
 * @param candidates how many items were ranked
 */
public record ExampleUser(String key, List<Item> history, List<Item> first, Item heldOut, int rank, int candidates) {

    /**
     * An item.
     *
     * @param index the item's index
     * @param name its title, or where there is none what identifies it in the raw files
     */
    public record Item(int index, String name) {}
}
