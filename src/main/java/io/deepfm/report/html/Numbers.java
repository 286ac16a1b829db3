package io.deepfm.report.html;

import io.deepfm.report.statistics.Interval;
import java.util.Locale;
import java.util.Optional;

/** Numbers as people read them. */
public final class Numbers {

    /** Shown for a missing number. */
    public static final String NONE = "–";

    private Numbers() {}

    /**
     * A metric.
     *
     * @param value any number; null and NaN are none
     * @return four digits after the point
     */
    public static String metric(Double value) {
        return value == null || value.isNaN() ? NONE : String.format(Locale.ROOT, "%.4f", value);
    }

    /**
     * A metric's interval.
     *
     * @param interval its ends
     * @return both with four digits, or none
     */
    public static String interval(Optional<Interval> interval) {
        return interval.map(ends -> metric(ends.low()) + " to " + metric(ends.high()))
                .orElse(NONE);
    }

    /**
     * A number of things.
     *
     * @param value a count
     * @return with separators of thousands
     */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /**
     * A share.
     *
     * @param share from 0 to 1
     * @return in percent
     */
    public static String percent(double share) {
        return Double.isNaN(share) ? NONE : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /**
     * Any number, in as many digits as tell it.
     *
     * @param value the number; NaN is none
     * @return four significant digits, from 1 on without zeros at the end; whole numbers with all of theirs
     */
    public static String plain(double value) {
        if (Double.isNaN(value)) {
            return NONE;
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return count((long) value);
        }
        double size = Math.abs(value);
        if (size < 1e-3 || size >= 1e6) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        int digits = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
        String text = String.format(Locale.ROOT, "%,." + digits + "f", value);
        return size < 1 || digits == 0 ? text : text.replaceFirst("\\.?0+$", "");
    }
}
