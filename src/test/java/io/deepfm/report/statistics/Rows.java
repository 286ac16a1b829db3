package io.deepfm.report.statistics;

import java.util.List;

/** Held-out rows for tests. */
public final class Rows {

    private Rows() {}

    /** A ranked row of a user. */
    public static HeldOutRow ranked(int user, int item, int rank, int candidates) {
        return new HeldOutRow(
                user, item, user, 1, rank, candidates, 0, 1 - (rank - 1.0) / (candidates - 1), List.of(item));
    }

    /** A row with a label and the probability of it. */
    public static HeldOutRow labelled(int user, int label, double probability) {
        return new HeldOutRow(
                user, 0, user, label, 1, 1, (float) Math.log(probability / (1 - probability)), Double.NaN, List.of());
    }
}
