package io.deepfm.config;

import java.util.List;

/** The checks that the settings' constructors make; {@link ConfigLoader} adds the file and line to what they throw. */
public final class Require {

    /** A value outside its range, or that does not fit another's, under the keys' own names within their section. */
    static final class InvalidSetting extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;
        private final transient List<String> keys;

        InvalidSetting(List<String> keys, String message) {
            super(message);
            this.keys = keys;
        }

        List<String> keys() {
            return keys;
        }
    }

    private Require() {}

    /** Refuses a value below {@code minimum}. */
    public static void atLeast(String key, double value, double minimum) {
        that(value >= minimum, key, "must be at least " + plain(minimum) + ", found " + plain(value));
    }

    /** Refuses a value that is not greater than {@code bound}. */
    public static void above(String key, double value, double bound) {
        that(value > bound, key, "must be greater than " + plain(bound) + ", found " + plain(value));
    }

    /** Refuses a value outside of [low, high). */
    public static void within(String key, double value, double low, double high) {
        that(
                value >= low && value < high,
                key,
                "must be in [" + plain(low) + ", " + plain(high) + "), found " + plain(value));
    }

    /** Refuses an empty list, and one with a value below {@code minimum}. */
    public static void allAtLeast(String key, List<Integer> values, int minimum) {
        that(!values.isEmpty(), key, "must not be empty");
        for (int value : values) {
            that(value >= minimum, key, "must contain only values of at least " + minimum + ", found " + values);
        }
    }

    /** Refuses an empty text. */
    public static void notBlank(String key, String value) {
        that(!value.isBlank(), key, "must not be empty");
    }

    /**
     * Refuses a setting unless a condition holds.
     *
     * @param holds the condition
     * @param key the setting's name in its section
     * @param message such as {@code must be even, found 3}; the setting's place and name come before it
     */
    public static void that(boolean holds, String key, String message) {
        fit(holds, List.of(key), message);
    }

    /**
     * Refuses settings that do not fit each other.
     *
     * @param holds the condition
     * @param keys the settings' names in their section; the message is about the first
     * @param message such as {@code must be divisible by num_heads}
     */
    public static void fit(boolean holds, List<String> keys, String message) {
        if (!holds) {
            throw new InvalidSetting(keys, message);
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
