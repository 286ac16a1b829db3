package io.deepfm.benchmark;

/** What a benchmark does over and over. */
interface Work extends AutoCloseable {

    /**
     * Does the next piece.
     *
     * @return the rows in it: training rows, candidates or sampled rows
     */
    long next();

    /** Waits until a device has done all that it was given. */
    default void await() {}

    /** Frees what the work took. */
    @Override
    void close();
}
