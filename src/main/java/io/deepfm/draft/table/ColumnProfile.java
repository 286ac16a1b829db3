package io.deepfm.draft.table;

import java.math.BigDecimal;
import java.math.MathContext;
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
public record ColumnProfile(
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
    public record Sequence(String separator, int most, int distinct) {}

    /** The same column under another name. */
    public ColumnProfile named(String other) {
        return new ColumnProfile(
                other, type, rows, missing, values, nullTexts, hashed, moments, min, max, mean, length, sequence);
    }

    /** How many different values there are. */
    public int distinct() {
        return values.size();
    }

    /** Whether each row has a value of its own. */
    public boolean isUnique() {
        return missing == 0 && rows > 0 && distinct() == rows;
    }

    /** Whether the type is one of whole numbers. */
    public boolean isInteger() {
        return Set.of("BIGINT", "INT", "SMALLINT", "TINYINT").contains(type);
    }

    /** Whether the type is one of numbers. */
    public boolean isNumber() {
        return isInteger() || Set.of("DOUBLE", "FLOAT").contains(type) || type.startsWith("DECIMAL");
    }

    /** Whether the values are dates or times, as such, as texts or as epochs. */
    public boolean isTime() {
        return type.startsWith("TIMESTAMP") || type.equals("DATE") || moments || isEpoch();
    }

    /** Seconds or milliseconds since 1970, of this age. */
    public boolean isEpoch() {
        return isNumber()
                && min <= max
                && (min >= EPOCH_FROM && max <= EPOCH_TO || min >= 1000 * EPOCH_FROM && max <= 1000 * EPOCH_TO);
    }

    /** Whether the values say yes and no. */
    public boolean isBinary() {
        return type.equals("BOOLEAN") || distinct() == 2 && Set.of("0", "1").equals(values.keySet());
    }

    /** Whether the values are on a scale that people rate on. */
    public boolean isRating() {
        return isNumber() && distinct() >= 2 && distinct() <= 101 && min >= -10 && max <= 100;
    }

    /** Whether the column may tell who or what: texts and whole numbers that repeat. */
    public boolean isKeyLike() {
        return (isInteger() || type.equals("STRING")) && !moments && !isEpoch() && !hashed && distinct() > 2;
    }

    /** The share of the rows whose value another column has. */
    public double within(ColumnProfile keys) {
        long there = values.entrySet().stream()
                .filter(value -> keys.values.containsKey(value.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return (double) there / Math.max(1, rows);
    }

    /** The share of another column's values that occur here. */
    public double covers(ColumnProfile keys) {
        long there = keys.values.keySet().stream().filter(values::containsKey).count();
        return (double) there / Math.max(1, keys.distinct());
    }

    /** Lower case, without what stands between words. */
    public String plainName() {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Such as {@code from 1 to 4.5}. */
    public String range() {
        return "from " + plain(min) + " to " + plain(max);
    }

    /** A number in six digits at most, without an exponent. */
    public static String plain(double number) {
        return Double.isFinite(number)
                ? new BigDecimal(number, new MathContext(6))
                        .stripTrailingZeros()
                        .toPlainString()
                : Double.toString(number);
    }

    /** Such as {@code 21 distinct values, 3.5 % missing}. */
    public String counts() {
        return String.format(
                Locale.ROOT,
                "%,d distinct value%s, %s",
                distinct(),
                distinct() == 1 ? "" : "s",
                missing == 0 ? "none missing" : String.format(Locale.ROOT, "%.1f %% missing", 100.0 * missing / rows));
    }
}
