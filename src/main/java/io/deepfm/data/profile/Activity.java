package io.deepfm.data.profile;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How many interactions users have, or items.
 *
 * @param keys how many of them have so many interactions, by the number of interactions; none without any
 */
public record Activity(SortedMap<Long, Long> keys) {

    /**
     * A bar of the histogram.
     *
     * @param from the fewest interactions
     * @param to the most
     * @param keys how many users or items have as many
     */
    public record Bar(long from, long to, long keys) {}

    /**
     * Counts, by one pass over the interactions; what comes to the driver is a row for each number that occurs.
     *
     * @param interactions the interactions
     * @param keys columns of the same type
     * @return the activity of each column's keys
     */
    static List<Activity> of(Dataset<Row> interactions, List<String> keys) {
        List<Activity> activities =
                keys.stream().map(key -> new Activity(new TreeMap<>())).toList();
        Column[] places = IntStream.range(0, keys.size())
                .mapToObj(place ->
                        struct(lit(place).as("place"), col(keys.get(place)).as("key")))
                .toArray(Column[]::new);
        interactions
                .select(explode(array(places)).as("one"))
                .groupBy(col("one.place"), col("one.key"))
                .agg(count(lit(1)).as("times"))
                .groupBy("place", "times")
                .agg(count(lit(1)))
                .collectAsList()
                .forEach(row -> activities.get(row.getInt(0)).keys().put(row.getLong(1), row.getLong(2)));
        return activities;
    }

    /** The fewest interactions. */
    public long min() {
        return keys.firstKey();
    }

    /** The most interactions. */
    public long max() {
        return keys.lastKey();
    }

    /** Interactions by keys. */
    public double mean() {
        double interactions = keys.entrySet().stream()
                .mapToDouble(entry -> (double) entry.getKey() * entry.getValue())
                .sum();
        return interactions / all();
    }

    /** The number that half of them have at most; between two numbers the middle. */
    public double median() {
        return (atPlace((all() - 1) / 2) + atPlace(all() / 2)) / 2.0;
    }

    private long atPlace(long place) {
        long before = 0;
        for (var entry : keys.entrySet()) {
            before += entry.getValue();
            if (place < before) {
                return entry.getKey();
            }
        }
        throw new IllegalStateException("There are " + before + " of them.");
    }

    private long all() {
        return keys.values().stream().mapToLong(count -> count).sum();
    }

    /**
     * A histogram on a logarithmic scale, as few have much and many have little.
     *
     * @return bars of 1, 2 to 3, 4 to 7 and so on, from the first to the last with any
     */
    public List<Bar> histogram() {
        List<Bar> bars = new ArrayList<>();
        for (long from = Long.highestOneBit(min()); from <= max(); from *= 2) {
            long count = keys.subMap(from, 2 * from).values().stream()
                    .mapToLong(each -> each)
                    .sum();
            bars.add(new Bar(from, 2 * from - 1, count));
        }
        return bars;
    }
}
