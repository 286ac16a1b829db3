package io.deepfm.storage;

import io.deepfm.advice.FrontEnd;
import io.deepfm.advice.UserException;
import java.util.function.Function;

/** Data that cannot be used; the message names the file, the row, the column and the value, and what to do. */
public final class DataException extends UserException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was found where, and what to do
     */
    public DataException(String message) {
        this(message, null);
    }

    /**
     * @param message what was found where, and what to do
     * @param cause what the file system or a reader said
     */
    public DataException(String message, Throwable cause) {
        super(frontEnd -> message, cause);
    }

    /**
     * @param message what was found where, and what to do in a front end's terms
     */
    public DataException(Function<FrontEnd, String> message) {
        this(message, null);
    }

    /**
     * @param message what was found where, and what to do in a front end's terms
     * @param cause what the file system or a reader said; may be null
     */
    public DataException(Function<FrontEnd, String> message, Throwable cause) {
        super(message, cause);
    }
}
