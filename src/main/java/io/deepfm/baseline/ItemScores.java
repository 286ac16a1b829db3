package io.deepfm.baseline;

import java.io.Serializable;

/** A fitted baseline, which travels to the executors. Threads share it, so {@link #of} must not change it. */
@FunctionalInterface
public interface ItemScores extends Serializable {

    /**
     * Scores items for a user.
     *
     * @param user what is known of the user
     * @param items item indices, shape (N)
     * @return shape (N); a higher one ranks first
     */
    float[] of(KnownUser user, int[] items);
}
