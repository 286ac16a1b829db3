package io.deepfm.report.statistics;

import java.util.Arrays;

/**
 * How items share something: recommendations, or interactions.
 *
 * @param ascending what each item of the catalogue has of it, the least first
 */
public record Concentration(long[] ascending) {

    /**
     * Of counts.
     *
     * @param counts one for each item of the catalogue, in any order
     * @return how they are shared
     */
    public static Concentration of(long[] counts) {
        long[] ascending = counts.clone();
        Arrays.sort(ascending);
        return new Concentration(ascending);
    }

    /**
     * The share of items that have any.
     *
     * @return from 0 to 1
     */
    public double coverage() {
        return Arrays.stream(ascending).filter(count -> count > 0).count() / (double) ascending.length;
    }

    /**
     * The Gini coefficient: 0 where all items have as many, near 1 where one item has all.
     *
     * @return from 0 to 1; NaN where there is nothing to share
     */
    public double gini() {
        double total = Arrays.stream(ascending).sum();
        double weighted = 0;
        int n = ascending.length;
        for (int i = 0; i < n; i++) {
            weighted += (2.0 * (i + 1) - n - 1) * ascending[i];
        }
        return total == 0 ? Double.NaN : weighted / (n * total);
    }

    /**
     * The Lorenz curve: the share of all that the items with the least have together.
     *
     * @param points how many parts the catalogue is cut into
     * @return at 0, 1 / points, ... 1 of the items
     */
    public double[] lorenz(int points) {
        double total = Arrays.stream(ascending).sum();
        double[] curve = new double[points + 1];
        double sum = 0;
        int item = 0;
        for (int point = 0; point <= points; point++) {
            for (; item < Math.round(point / (double) points * ascending.length); item++) {
                sum += ascending[item];
            }
            curve[point] = sum / total;
        }
        return curve;
    }
}
