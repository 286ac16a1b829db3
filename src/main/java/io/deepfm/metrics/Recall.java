package io.deepfm.metrics;

/**
 * The mean over ranked lists of the share of the relevant items that is among the first K (Manning, Raghavan and Schütze,
 * Introduction to Information Retrieval, 2008, section 8.4). A list has one relevant item, so that it is HR@K.
 */
public final class Recall extends RankedMetric {

    @Override
    public String name() {
        return "Recall";
    }

    @Override
    double worth(int rank, int k) {
        return 1;
    }
}
