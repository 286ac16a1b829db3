package io.deepfm.job;

/** Is told how a job comes along: by the console of a command, or by nobody. */
public interface JobListener extends AutoCloseable {

    /** Hears nothing. */
    JobListener NONE = new JobListener() {
        @Override
        public void onStage(String name, String what, double seconds, boolean upToDate) {}

        @Override
        public void onDetail(String what) {}

        @Override
        public void onProgress(String task, long done, long all) {}
    };

    /**
     * A stage is over.
     *
     * @param name such as {@code ingest}
     * @param what its outcome in a few words
     * @param seconds how long it took, when it ran
     * @param upToDate whether its output was there already
     */
    void onStage(String name, String what, double seconds, boolean upToDate);

    /**
     * More about the stage before or the one that runs.
     *
     * @param what a line of text
     */
    void onDetail(String what);

    /**
     * How far long work has come.
     *
     * @param task what is being done
     * @param done the part that is over
     * @param all the whole, in the same unit
     */
    void onProgress(String task, long done, long all);

    /** The job is over. */
    @Override
    default void close() {}
}
