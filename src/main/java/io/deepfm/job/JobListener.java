package io.deepfm.job;

/** Observes the progress of a job, such as a command's console does. */
public interface JobListener extends AutoCloseable {

    /** Ignores everything. */
    JobListener NONE = new JobListener() {
        @Override
        public void onStage(String name, String what, double seconds, boolean upToDate) {}

        @Override
        public void onDetail(String what) {}

        @Override
        public void onProgress(String task, long done, long all) {}
    };

    /**
     * A stage has finished.
     *
     * @param name such as {@code ingest}
     * @param what its outcome in a few words
     * @param seconds how long it took, when it ran
     * @param upToDate whether it did not have to run
     */
    void onStage(String name, String what, double seconds, boolean upToDate);

    /**
     * More about the stage before or the one that runs.
     *
     * @param what a line of text
     */
    void onDetail(String what);

    /**
     * The progress of long work.
     *
     * @param task what is being done
     * @param done how much is done
     * @param all the whole, in the same unit
     */
    void onProgress(String task, long done, long all);

    /** The job has finished. */
    @Override
    default void close() {}
}
