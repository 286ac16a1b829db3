package io.deepfm.report.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * How positives and negatives are told apart at each threshold, from the highest logit to the lowest. Rows of one logit are one
 * threshold.
 *
 * @param positives how many positives are at or above each threshold
 * @param negatives how many negatives are
 */
public record RocCurve(double[] positives, double[] negatives) {

    /**
     * Rows by descending logit, from which curves of any weights are made.
     *
     * @param descending the rows' numbers
     * @param lastOfLogit whether the next row has another logit
     * @param labels the rows' labels, in this order
     */
    record Order(int[] descending, boolean[] lastOfLogit, int[] labels) {

        static Order of(List<HeldOutRow> rows) {
            int[] descending = IntStream.range(0, rows.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble(row -> -rows.get(row).likeLogit()))
                    .mapToInt(row -> row)
                    .toArray();
            boolean[] last = new boolean[descending.length];
            for (int i = 0; i < last.length; i++) {
                last[i] = i + 1 == last.length
                        || rows.get(descending[i]).likeLogit()
                                != rows.get(descending[i + 1]).likeLogit();
            }
            return new Order(
                    descending,
                    last,
                    Arrays.stream(descending).map(row -> rows.get(row).label()).toArray());
        }

        /** The curve where a row counts as often as its weight says. */
        RocCurve curve(IntUnaryOperator weight) {
            double[] positives = new double[descending.length];
            double[] negatives = new double[descending.length];
            int points = 0;
            double above = 0;
            double aboveNegatives = 0;
            for (int i = 0; i < descending.length; i++) {
                int times = weight.applyAsInt(descending[i]);
                above += times * labels[i];
                aboveNegatives += times * (1 - labels[i]);
                if (lastOfLogit[i]) {
                    positives[points] = above;
                    negatives[points++] = aboveNegatives;
                }
            }
            return new RocCurve(Arrays.copyOf(positives, points), Arrays.copyOf(negatives, points));
        }
    }

    /**
     * The curve of some rows.
     *
     * @param rows with label and logit
     * @return one point for each logit
     */
    public static RocCurve of(List<HeldOutRow> rows) {
        return Order.of(rows).curve(row -> 1);
    }

    private static double last(double[] counts) {
        return counts.length == 0 ? 0 : counts[counts.length - 1];
    }

    /**
     * The area under the curve: the share of pairs in which the positive has the higher logit, a tie being half a pair.
     *
     * @return from 0 to 1; NaN where there is one class
     */
    public double area() {
        double area = 0;
        for (int i = 0; i < positives.length; i++) {
            double before = i == 0 ? 0 : positives[i - 1];
            double width = negatives[i] - (i == 0 ? 0 : negatives[i - 1]);
            area += width * (before + positives[i]) / 2;
        }
        double pairs = last(positives) * last(negatives);
        return pairs == 0 ? Double.NaN : area / pairs;
    }

    /**
     * The average precision: the mean over the positives of the precision at their threshold.
     *
     * @return from 0 to 1; NaN where there is no positive
     */
    public double averagePrecision() {
        double sum = 0;
        for (int i = 0; i < positives.length; i++) {
            double found = positives[i] - (i == 0 ? 0 : positives[i - 1]);
            sum += found == 0 ? 0 : found * precision(i);
        }
        return last(positives) == 0 ? Double.NaN : sum / last(positives);
    }

    private double precision(int point) {
        return positives[point] / (positives[point] + negatives[point]);
    }

    /**
     * The share of positives found where so large a share of the negatives is accepted, on the straight lines between points.
     *
     * @param falsePositiveRate from 0 to 1
     * @return from 0 to 1
     */
    public double truePositiveRate(double falsePositiveRate) {
        double accepted = falsePositiveRate * last(negatives);
        double found = 0;
        for (int i = 0; i < positives.length; i++) {
            double before = i == 0 ? 0 : negatives[i - 1];
            double beforePositives = i == 0 ? 0 : positives[i - 1];
            if (negatives[i] > accepted) {
                double share = (accepted - before) / (negatives[i] - before);
                found = beforePositives + share * (positives[i] - beforePositives);
                break;
            }
            found = positives[i];
        }
        return found / last(positives);
    }

    /**
     * The precision at the first threshold that finds so large a share of the positives.
     *
     * @param recall above 0, up to 1
     * @return from 0 to 1
     */
    public double precision(double recall) {
        int point = 0;
        while (point < positives.length - 1 && positives[point] < recall * last(positives) - 1e-9) {
            point++;
        }
        return precision(point);
    }

    /**
     * Whether both classes are there.
     *
     * @return false where nothing is to be told apart
     */
    public boolean hasBothClasses() {
        return last(positives) > 0 && last(negatives) > 0;
    }
}
