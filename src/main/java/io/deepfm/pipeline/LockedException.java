package io.deepfm.pipeline;

/** Another process that is still alive works on the same files. Its message tells a user which one. */
public final class LockedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what is in use, by whom, since when and what to do
     */
    public LockedException(String message) {
        super(message);
    }
}
