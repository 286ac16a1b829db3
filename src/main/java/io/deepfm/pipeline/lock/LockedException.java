package io.deepfm.pipeline.lock;

import io.deepfm.advice.FrontEnd;
import io.deepfm.advice.UserException;
import java.util.function.Function;

/** Another process that is still alive works on the same files. Its message tells a user which one. */
public final class LockedException extends UserException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what is in use, by whom, since when and what to do
     */
    public LockedException(String message) {
        this(frontEnd -> message);
    }

    /**
     * @param message what is in use, by whom, since when and what to do in a front end's terms
     */
    public LockedException(Function<FrontEnd, String> message) {
        super(message, null);
    }
}
