package io.deepfm.baseline;

import io.deepfm.baseline.KnownUser.Rows;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;

/**
 * What baselines learn from.
 *
 * @param users each user's training interactions, in any order of the users
 * @param numUsers the number of users
 * @param numItems the number of items
 * @param interactions the number of training interactions
 * @param memory the bytes that a fitted baseline may take on this machine and on each executor
 * @param chosen the variant of another baseline, by its name, that is best on validation
 */
public record BaselineData(
        JavaRDD<KnownUser> users,
        int numUsers,
        int numItems,
        long interactions,
        long memory,
        Function<String, ItemScores> chosen) {

    BaselineData with(Function<String, ItemScores> others) {
        return new BaselineData(users, numUsers, numItems, interactions, memory, others);
    }

    /**
     * How many users have each item in their history.
     *
     * @param rows which interactions count
     * @return shape (numItems): the diagonal of X^T X
     */
    public int[] usersOfItems(Rows rows) {
        int size = numItems;
        return users.mapPartitions(part -> {
                    int[] counts = new int[size];
                    part.forEachRemaining(user -> {
                        for (int item : user.distinct(rows)) {
                            counts[item]++;
                        }
                    });
                    return List.of(counts).iterator();
                })
                .reduce((some, others) -> {
                    for (int item = 0; item < some.length; item++) {
                        some[item] += others[item];
                    }
                    return some;
                });
    }

    /**
     * Why something that is kept per item, or per pair of items, cannot be kept.
     *
     * @param mostItems the largest catalogue
     * @param bytes what it takes
     * @return a sentence, or nothing where it can
     */
    public Optional<String> refusal(int mostItems, double bytes) {
        if (numItems > mostItems) {
            return Optional.of(String.format(
                    Locale.ROOT, "the catalogue has %,d items, and this takes %,d at most", numItems, mostItems));
        }
        return bytes <= memory
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "for %,d items it takes %,.0f MiB, and %,d MiB of the heap are for it; give the driver and the"
                                + " executors more memory",
                        numItems,
                        bytes / (1 << 20),
                        memory >> 20));
    }
}
