package io.deepfm.metrics;

/**
 * The mean over ranked lists of the share of relevant items among the first K (Manning, Raghavan and Schütze, Introduction to
 * Information Retrieval, 2008, section 8.4). A list has one relevant item, so that it is HR@K / K, and 1 / K at most.
 */
public final class Precision extends RankedMetric {

    @Override
    public String name() {
        return "Precision";
    }

    @Override
    double worth(int rank, int k) {
        return 1.0 / k;
    }
}
