package io.deepfm.report.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Intervals of 95 % of metrics, from a bootstrap over users: of samples of as many users, drawn with replacement, the metric
 * between its 2.5 % and its 97.5 % quantile (Efron, Bootstrap Methods: Another Look at the Jackknife, 1979). A user's rows
 * are drawn together, as they are not independent. The same users give the same intervals.
 */
public final class Bootstrap {

    private static final int MOST_SAMPLES = 1000;
    private static final int LEAST_SAMPLES = 200;
    /** Of large numbers of users fewer samples are drawn, as their metrics hardly vary. */
    private static final int DRAWS = 5_000_000;

    private static final double ALPHA = 0.05;

    private final int users;

    /**
     * @param users how many there are
     */
    public Bootstrap(int users) {
        this.users = users;
    }

    /**
     * The intervals of metrics, all from the same samples.
     *
     * @param metrics each takes how often each user was drawn, and gives NaN where it is not defined
     * @return for each its interval; nothing for one that is not defined in most of the samples
     */
    public List<Optional<Interval>> of(List<ToDoubleFunction<int[]>> metrics) {
        int samples = Math.max(LEAST_SAMPLES, Math.min(MOST_SAMPLES, DRAWS / Math.max(1, users)));
        double[][] values = new double[metrics.size()][samples];
        SplittableRandom random = new SplittableRandom(users);
        int[] drawn = new int[users];
        for (int sample = 0; sample < samples; sample++) {
            Arrays.fill(drawn, 0);
            for (int i = 0; i < users; i++) {
                drawn[random.nextInt(users)]++;
            }
            for (int metric = 0; metric < values.length; metric++) {
                values[metric][sample] = metrics.get(metric).applyAsDouble(drawn);
            }
        }
        List<Optional<Interval>> intervals = new ArrayList<>();
        for (double[] all : values) {
            intervals.add(interval(
                    Arrays.stream(all)
                            .filter(value -> !Double.isNaN(value))
                            .sorted()
                            .toArray(),
                    samples));
        }
        return List.copyOf(intervals);
    }

    private static Optional<Interval> interval(double[] sorted, int samples) {
        if (sorted.length == 0 || sorted.length < samples / 2) {
            return Optional.empty();
        }
        int beyond = (int) (sorted.length * ALPHA / 2);
        return Optional.of(new Interval(sorted[beyond], sorted[sorted.length - 1 - beyond]));
    }
}
