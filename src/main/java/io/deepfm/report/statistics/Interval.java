package io.deepfm.report.statistics;

/**
 * An interval of confidence.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double low, double high) {

    /**
     * Whether a number lies within it.
     *
     * @param value any number
     * @return false for NaN
     */
    public boolean contains(double value) {
        return value >= low && value <= high;
    }
}
