package io.deepfm.metrics;

/** The share of ranked lists whose held-out item is among the first K. */
public final class HitRate extends RankedMetric {

    @Override
    public String name() {
        return "HR";
    }

    @Override
    double worth(int rank, int k) {
        return 1;
    }
}
