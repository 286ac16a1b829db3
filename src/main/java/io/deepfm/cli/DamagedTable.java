package io.deepfm.cli;

import io.deepfm.config.Redaction;
import io.deepfm.storage.DataException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.ParquetRuntimeException;

/** What Spark says of a file that it cannot read, in a user's words. */
final class DamagedTable {

    /** Spark names the file in an outer exception, Parquet says what is wrong with it in an inner one. */
    private static final Pattern PLACE =
            Pattern.compile("(?:reading file|footer for file:?|path=) *:? *([^\\s;]+[^\\s;.:])");

    /** Of whatever format the file is. */
    private static final String READING = "Encountered error while reading file";

    private static final Pattern NO_PARQUET = Pattern.compile(" is not a Parquet file|CANNOT_READ_FILE_FOOTER");

    private DamagedTable() {}

    /** The error for a user, or null where the exception is about something else. */
    static DataException of(Throwable e) {
        String place = null;
        String why = null;
        String last = "";
        boolean reading = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message =
                    String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
            Matcher matcher = PLACE.matcher(message);
            place = place == null && matcher.find() ? matcher.group(1) : place;
            if (cause instanceof ParquetRuntimeException
                    || NO_PARQUET.matcher(message).find()) {
                why = message;
            }
            reading |= message.contains(READING);
            last = message;
        }
        why = why == null && reading ? last : why;
        return why == null
                ? null
                : new DataException(
                        "Cannot read the file " + Redaction.of(place == null ? "" : place)
                                + ": it is damaged or of another format (" + why
                                + "). Run the stage that wrote it again with --force, or write it again.",
                        e);
    }
}
