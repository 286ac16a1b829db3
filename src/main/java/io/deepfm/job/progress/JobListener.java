package io.deepfm.job.progress;

/** Observes the progress of a job, such as a command's console does. */
public interface JobListener extends AutoCloseable {

    /** Ignores everything. */
    JobListener NONE = new JobListener() {
        @Override
        public void onStage(String name, String what, double seconds, boolean upToDate) {}

        @Override
        public void onDetail(String what) {}

        @Override
        public void onProgress(Progress progress) {}
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
     * An epoch has been trained, by this job or by the one that it resumes, and its checkpoint is there.
     *
     * @param epoch counted from 1
     * @param what a line of text
     */
    default void onEpoch(int epoch, String what) {
        onDetail(what);
    }

    /**
     * Long work has come further; any thread may tell.
     *
     * @param progress how far
     */
    void onProgress(Progress progress);

    /** The job has finished. */
    @Override
    default void close() {}
}
