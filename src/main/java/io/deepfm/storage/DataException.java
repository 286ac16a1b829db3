package io.deepfm.storage;

/** Data that cannot be used; the message names the file, the row, the column and the value, and what to do. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was found where, and what to do
     */
    public DataException(String message) {
        super(message);
    }

    /**
     * @param message what was found where, and what to do
     * @param cause what the file system or a reader said
     */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
