package io.deepfm.config;

import java.util.List;

/** The checks that the settings' constructors make; {@link ConfigLoader} adds the file and line to what they throw. */
final class Require {

    /** A value outside its range, under the key's own name within its section. */
    static final class InvalidSetting extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;
        private final String key;

        InvalidSetting(String key, String message) {
            super(message);
            this.key = key;
        }

        String key() {
            return key;
        }
    }

    private Require() {}

    static void atLeast(String key, double value, double minimum) {
        that(value >= minimum, key, "must be at least " + plain(minimum) + ", found " + plain(value));
    }

    static void above(String key, double value, double bound) {
        that(value > bound, key, "must be greater than " + plain(bound) + ", found " + plain(value));
    }

    static void within(String key, double value, double low, double high) {
        that(
                value >= low && value < high,
                key,
                "must be in [" + plain(low) + ", " + plain(high) + "), found " + plain(value));
    }

    static void allAtLeast(String key, List<Integer> values, int minimum) {
        that(!values.isEmpty(), key, "must not be empty");
        for (int value : values) {
            that(value >= minimum, key, "must hold values of at least " + minimum + ", found " + values);
        }
    }

    static void notBlank(String key, String value) {
        that(!value.isBlank(), key, "must not be empty");
    }

    static void that(boolean holds, String key, String message) {
        if (!holds) {
            throw new InvalidSetting(key, message);
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
