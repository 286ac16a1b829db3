package io.deepfm.dataset;

/** What becomes of interactions with a user or an item that has no row in its table. */
public enum MissingRows {
    /** They are bad rows. */
    ERROR,
    /** The user or item is one all the same, of which nothing but the key is known. */
    KEEP
}
