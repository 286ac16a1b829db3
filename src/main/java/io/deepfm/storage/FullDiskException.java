package io.deepfm.storage;

import io.deepfm.advice.UserException;
import java.util.regex.Pattern;

/** No space is left where something was to be written; the message names the place and says what to do. */
public final class FullDiskException extends UserException {
    private static final long serialVersionUID = 1L;

    /** What Linux, macOS, Windows and HDFS say of full disks or a user's full share of them. */
    private static final Pattern FULL =
            Pattern.compile("No space left on device|[Qq]uota exceeded|not enough space on the disk"
                    + "|quota (?:\\(.*?\\) )?of (?:directory )?\\S+ is exceeded|could only be written to 0 of the");

    /**
     * @param place what could not be written, or where
     * @param cause what the file system or Spark said
     */
    public FullDiskException(String place, Throwable cause) {
        super(
                frontEnd -> "The disk is full: cannot write " + place + ". Free space there and " + frontEnd.disk(),
                cause);
    }

    /**
     * Whether an exception comes from a full disk.
     *
     * @param e any exception
     * @return true if it or a cause of it says so
     */
    public static boolean isCauseOf(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (FULL.matcher(String.valueOf(cause.getMessage())).find()) {
                return true;
            }
        }
        return false;
    }
}
