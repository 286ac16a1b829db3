package io.deepfm.report.statistics;

import io.deepfm.metrics.Ndcg;
import io.deepfm.report.BaselineResult;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ranking metrics for every cut-off.
 *
 * @param counts how many lists have their held-out item at rank 1, 2, ...
 * @param lists how many there are, those with a larger rank among them
 */
public record RankCurve(List<Long> counts, double lists) {

    /**
     * Of ranks.
     *
     * @param ranks each list's, from 1
     * @return the curve up to {@link BaselineResult#RANKS}
     */
    public static RankCurve of(int[] ranks) {
        long[] counts = new long[BaselineResult.RANKS];
        for (int rank : ranks) {
            if (rank <= counts.length) {
                counts[rank - 1]++;
            }
        }
        return new RankCurve(Arrays.stream(counts).boxed().toList(), ranks.length);
    }

    /**
     * The cut-offs.
     *
     * @return 1, 2, ... {@link BaselineResult#RANKS}
     */
    public static double[] ks() {
        return IntStream.rangeClosed(1, BaselineResult.RANKS).asDoubleStream().toArray();
    }

    /**
     * HR@K.
     *
     * @return for each K the share of lists whose held-out item is among the first K
     */
    public double[] hits() {
        return sums(false);
    }

    /**
     * NDCG@K.
     *
     * @return for each K the mean gain
     */
    public double[] gains() {
        return sums(true);
    }

    private double[] sums(boolean discounted) {
        double[] curve = new double[counts.size()];
        double sum = 0;
        for (int rank = 1; rank <= curve.length; rank++) {
            sum += counts.get(rank - 1) * (discounted ? Ndcg.gain(rank, rank) : 1);
            curve[rank - 1] = sum / lists;
        }
        return curve;
    }
}
