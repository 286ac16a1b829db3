package io.deepfm.metrics;

/** The mean over ranked lists of 1 / log2(1 + rank) where the held-out item is among the first K, else 0. */
public final class Ndcg extends RankedMetric {

    @Override
    public String name() {
        return "NDCG";
    }

    @Override
    double worth(int rank) {
        return Math.log(2) / Math.log(1.0 + rank);
    }
}
