package io.deepfm.report.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear scale with ticks at round numbers.
 *
 * @param low where it begins
 * @param high where it ends, beyond {@code low}
 * @param step between ticks: 1, 2 or 5 times a power of ten
 */
record Axis(double low, double high, double step) {

    /** A scale for numbers from {@code min} to {@code max}, which begins and ends there. */
    static Axis within(double min, double max, int ticks) {
        double high = max > min ? max : min + 1;
        return new Axis(min, high, step((high - min) / ticks));
    }

    /** A scale for these numbers that begins and ends at a tick. */
    static Axis around(double min, double max, int ticks) {
        double low = max > min ? min : min - Math.max(1e-3, Math.abs(min) / 10);
        double high = max > min ? max : min + Math.max(1e-3, Math.abs(min) / 10);
        double step = step((high - low) / ticks);
        return new Axis(Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step, step);
    }

    private static double step(double rough) {
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double times = rough / power;
        return power * (times <= 1 + 1e-9 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** How far along a number is, from 0 at the low end to 1 at the high one. */
    double share(double value) {
        return (value - low) / (high - low);
    }

    /** A tick with as many digits as tell it from the next. */
    String text(double tick) {
        if (step >= 1000) {
            return Math.abs(tick) >= 1e6
                    ? String.format(Locale.ROOT, "%.3gM", tick / 1e6)
                    : String.format(Locale.ROOT, "%,.0f", tick);
        }
        if (step < 1e-4) {
            return tick == 0 ? "0" : String.format(Locale.ROOT, "%.1e", tick);
        }
        int digits = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
        return String.format(Locale.ROOT, "%,." + digits + "f", tick == 0 ? 0.0 : tick);
    }
}
