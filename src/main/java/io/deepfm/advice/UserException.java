package io.deepfm.advice;

import java.util.function.Function;

/** An error whose message tells the user what to do: on the command line, unless it was told of another front end. */
public abstract class UserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Function<FrontEnd, String> message;
    private String said;

    /**
     * @param message what is wrong and what to do
     * @param cause may be null
     */
    protected UserException(Function<FrontEnd, String> message, Throwable cause) {
        super(cause);
        this.message = message;
        this.said = message.apply(FrontEnd.COMMAND_LINE);
    }

    @Override
    public final String getMessage() {
        return said;
    }

    /**
     * Lets an exception, and those that caused it, say what to do in the terms of what the user has called.
     *
     * @param <E> the exception's type
     * @param e any exception
     * @param frontEnd what was called
     * @return the same exception
     */
    public static <E extends Throwable> E saidTo(FrontEnd frontEnd, E e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            // From another machine only the text has come.
            if (cause instanceof UserException user && user.message != null) {
                user.said = user.message.apply(frontEnd);
            }
        }
        return e;
    }
}
