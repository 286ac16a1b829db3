package io.deepfm.draft;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the looked-at rows of a column hold.
 *
 * @param name the column's name
 * @param type its type as in SQL
 * @param rows how many rows there are
 * @param missing how many have no value
 * @param values how often each value occurs
 * @param nullTexts texts that stand for a missing value
 * @param hashed whether all are hexadecimal digests
 * @param moments whether all are texts of dates or times
 * @param min the smallest number
 * @param max the largest number
 * @param mean the mean of the numbers
 * @param length the mean length of a text
 * @param sequence how values are lists; null where they are not
 */
record ColumnProfile(
        String name,
        String type,
        long rows,
        long missing,
        Map<String, Integer> values,
        Set<String> nullTexts,
        boolean hashed,
        boolean moments,
        double min,
        double max,
        double mean,
        double length,
        Sequence sequence) {

    private static final double EPOCH_FROM = 3e8;
    private static final double EPOCH_TO = 4.2e9;

    /**
     * A list in a column.
     *
     * @param separator what stands between two elements; empty for an array
     * @param most the most elements of a row
     * @param distinct how many different elements there are
     */
    record Sequence(String separator, int most, int distinct) {}

    ColumnProfile named(String other) {
        return new ColumnProfile(
                other, type, rows, missing, values, nullTexts, hashed, moments, min, max, mean, length, sequence);
    }

    int distinct() {
        return values.size();
    }

    boolean isUnique() {
        return missing == 0 && rows > 0 && distinct() == rows;
    }

    boolean isInteger() {
        return Set.of("BIGINT", "INT", "SMALLINT", "TINYINT").contains(type);
    }

    boolean isNumber() {
        return isInteger() || Set.of("DOUBLE", "FLOAT").contains(type) || type.startsWith("DECIMAL");
    }

    boolean isTime() {
        return type.startsWith("TIMESTAMP") || type.equals("DATE") || moments || isEpoch();
    }

    /** Seconds or milliseconds since 1970, of this age. */
    boolean isEpoch() {
        return isNumber()
                && (min >= EPOCH_FROM && max <= EPOCH_TO || min >= 1000 * EPOCH_FROM && max <= 1000 * EPOCH_TO);
    }

    /** Whether the values say yes and no. */
    boolean isBinary() {
        return type.equals("BOOLEAN") || distinct() == 2 && Set.of("0", "1").equals(values.keySet());
    }

    boolean isRating() {
        return isNumber() && distinct() >= 2 && distinct() <= 101 && min >= -10 && max <= 100;
    }

    /** Whether the column may tell who or what: texts and whole numbers that repeat. */
    boolean isKeyLike() {
        return (isInteger() || type.equals("STRING")) && !moments && !isEpoch() && !hashed && distinct() > 2;
    }

    /** The share of the rows whose value another column has. */
    double within(ColumnProfile keys) {
        long there = values.entrySet().stream()
                .filter(value -> keys.values.containsKey(value.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return (double) there / Math.max(1, rows);
    }

    /** The share of another column's values that occur here. */
    double covers(ColumnProfile keys) {
        long there = keys.values.keySet().stream().filter(values::containsKey).count();
        return (double) there / Math.max(1, keys.distinct());
    }

    /** Lower case, without what stands between words. */
    String plainName() {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Such as {@code 21 distinct values, 3.5 % missing}. */
    String counts() {
        return String.format(
                Locale.ROOT,
                "%,d distinct value%s, %s",
                distinct(),
                distinct() == 1 ? "" : "s",
                missing == 0 ? "none missing" : String.format(Locale.ROOT, "%.1f %% missing", 100.0 * missing / rows));
    }
}
