package io.deepfm.config;

/** Which rows of the embedding tables a step of training moves. */
public enum EmbeddingUpdates {
    /** All rows of small tables, the batch's rows of large ones. */
    AUTO,
    /** All rows: PyTorch's arithmetic, at a cost that grows with the vocabularies. */
    DENSE,
    /** The rows that the batch reads: moments, decay and penalty of the others wait. */
    LAZY;

    /** So many weights in embedding tables cost about as much to move as a batch's rows. */
    private static final long DENSE_WEIGHTS = 1_000_000;

    /**
     * What is done.
     *
     * @param tableWeights the number of weights in embedding tables
     * @return {@link #DENSE} or {@link #LAZY}
     */
    public EmbeddingUpdates of(long tableWeights) {
        if (this != AUTO) {
            return this;
        }
        return tableWeights <= DENSE_WEIGHTS ? DENSE : LAZY;
    }
}
