package io.deepfm.report.statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether predicted probabilities come true: rows in ten bins of equal width, as the metric {@code ece_heldout} has them.
 *
 * @param bins those with rows, ascending
 */
public record Reliability(List<Bin> bins) {

    private static final int BINS = 10;

    /**
     * A bin.
     *
     * @param rows how many rows it has
     * @param predicted their mean probability
     * @param observed their share of label 1
     */
    public record Bin(long rows, double predicted, double observed) {}

    /**
     * Bins rows.
     *
     * @param rows with label and logit
     * @return the bins
     */
    public static Reliability of(List<HeldOutRow> rows) {
        long[] counts = new long[BINS];
        double[] predicted = new double[BINS];
        double[] observed = new double[BINS];
        for (HeldOutRow row : rows) {
            int bin = (int) Math.min(row.probability() * BINS, BINS - 1);
            counts[bin]++;
            predicted[bin] += row.probability();
            observed[bin] += row.label();
        }
        List<Bin> bins = new ArrayList<>();
        for (int bin = 0; bin < BINS; bin++) {
            if (counts[bin] > 0) {
                bins.add(new Bin(counts[bin], predicted[bin] / counts[bin], observed[bin] / counts[bin]));
            }
        }
        return new Reliability(List.copyOf(bins));
    }

    /**
     * The expected calibration error: the mean over the rows of the difference in their bin.
     *
     * @return from 0 to 1; NaN without rows
     */
    public double error() {
        double sum = 0;
        long rows = 0;
        for (Bin bin : bins) {
            sum += bin.rows() * Math.abs(bin.predicted() - bin.observed());
            rows += bin.rows();
        }
        return rows == 0 ? Double.NaN : sum / rows;
    }
}
