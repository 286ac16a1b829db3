package io.deepfm.metrics;

/**
 * The mean over ranked lists of the average precision of the first K: the sum of the precision at each relevant item's rank,
 * divided by the number of relevant items or by K if that is less (Manning, Raghavan and Schütze, Introduction to Information
 * Retrieval, 2008, section 8.4). A list has one relevant item, so that it is 1 / rank where the rank is not above K, else 0: MRR
 * cut off at K.
 */
public final class MeanAveragePrecision extends RankedMetric {

    @Override
    public String name() {
        return "MAP";
    }

    @Override
    double worth(int rank, int k) {
        return 1.0 / rank;
    }
}
