package io.deepfm.report.statistics;

import java.util.Arrays;

/**
 * How known the items are that are recommended.
 *
 * @param interactions training interactions of each item
 */
public record Popularity(int[] interactions) {

    /**
     * The mean popularity.
     *
     * @param times how often each item counts
     * @return training interactions; NaN where nothing counts
     */
    public double mean(long[] times) {
        double sum = 0;
        for (int item = 0; item < times.length; item++) {
            sum += (double) times[item] * interactions[item];
        }
        return sum / Arrays.stream(times).sum();
    }

    /**
     * The novelty: the mean self-information, -log2 of the item's share of the training interactions (Zhou et al., Solving the
     * apparent diversity-accuracy dilemma, PNAS 2010, there the share of users). An item that train never saw counts as if seen
     * once.
     *
     * @param times how often each item counts
     * @return bits; NaN where nothing counts
     */
    public double novelty(long[] times) {
        double all = Arrays.stream(interactions).asLongStream().sum();
        double sum = 0;
        for (int item = 0; item < times.length; item++) {
            sum += times[item] == 0 ? 0 : times[item] * Math.log(all / Math.max(1, interactions[item])) / Math.log(2);
        }
        return sum / Arrays.stream(times).sum();
    }
}
