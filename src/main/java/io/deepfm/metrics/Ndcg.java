package io.deepfm.metrics;

/** The mean over ranked lists of 1 / log2(1 + rank) where the held-out item is among the first K, else 0. */
public final class Ndcg extends RankedMetric {

    @Override
    public String name() {
        return "NDCG";
    }

    @Override
    double worth(int rank, int k) {
        return Math.log(2) / Math.log(1.0 + rank);
    }

    /**
     * What one held-out item adds to NDCG@K.
     *
     * @param rank its place, from 1
     * @param k the cut-off
     * @return 0 beyond it
     */
    public static double gain(int rank, int k) {
        return rank <= k ? new Ndcg().worth(rank, k) : 0;
    }
}
