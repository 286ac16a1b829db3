package io.deepfm.baseline;

import java.io.Serializable;

/**
 * A candidate list and what may be known of its user.
 *
 * @param user the user's history
 * @param label the held-out interaction's label
 * @param items item indices, the held-out item first, then the negatives
 */
public record CandidateItems(KnownUser user, int label, int[] items) implements Serializable {}
