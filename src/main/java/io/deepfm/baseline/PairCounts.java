package io.deepfm.baseline;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import scala.Tuple2;

/**
 * Counts pairs of items within users' histories as one Spark job: a task counts a strip of rows of the items-by-items matrix
 * in one array, as the histories that have an item of its rows pass by. Counts are whole numbers, so that their order does
 * not matter, and memory grows neither with the users nor with the catalogue.
 */
final class PairCounts {

    /** The numbers in a strip: 64 MiB. */
    private static final int CELLS = 1 << 24;

    /** Some rows of the matrix. */
    record Strip(int from, int to, int numItems, int[] counts) implements Serializable {

        int count(int row, int column) {
            return counts[(row - from) * numItems + column];
        }
    }

    private PairCounts() {}

    /**
     * The counts for all pairs within a distance.
     *
     * @param histories each user's items, shape (N)
     * @param numItems the number of items
     * @param window how many places after the first the second may stand; 0 for any place before or after it, or its own
     * @return strips: row a, column b holds how often b follows a, or stands beside it
     */
    static JavaRDD<Strip> of(JavaRDD<int[]> histories, int numItems, int window) {
        int height = Math.max(1, Math.min(numItems, CELLS / numItems));
        int strips = (numItems + height - 1) / height;
        return histories
                .flatMapToPair(items -> Arrays.stream(items)
                        .map(item -> item / height)
                        .distinct()
                        .mapToObj(strip -> new Tuple2<>(strip, items))
                        .iterator())
                .partitionBy(new HashPartitioner(strips))
                .mapPartitionsWithIndex(
                        (strip, part) -> {
                            int from = strip * height;
                            int to = Math.min(numItems, from + height);
                            Strip counted = new Strip(from, to, numItems, new int[(to - from) * numItems]);
                            part.forEachRemaining(history -> count(history._2(), window, counted));
                            return List.of(counted).iterator();
                        },
                        false);
    }

    /** {@link #of} for a choice of each user's interactions. */
    static JavaRDD<Strip> of(BaselineData data, Function<KnownUser, int[]> items, int window) {
        return of(data.users().map(items), data.numItems(), window);
    }

    private static void count(int[] items, int window, Strip strip) {
        for (int i = 0; i < items.length; i++) {
            if (items[i] >= strip.from && items[i] < strip.to) {
                int row = (items[i] - strip.from) * strip.numItems;
                int first = window == 0 ? 0 : i + 1;
                int last = window == 0 ? items.length : Math.min(items.length, i + 1 + window);
                for (int j = first; j < last; j++) {
                    strip.counts[row + items[j]]++;
                }
            }
        }
    }
}
