package io.deepfm.cli.failure;

import io.deepfm.config.redaction.Redaction;
import io.deepfm.storage.DataException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.ParquetRuntimeException;

/** What Spark says of a file that it cannot read, in a user's words. */
public final class DamagedTable {

    /** Spark names the file in an outer exception, what reads the format says what is wrong with it in an inner one. */
    private static final Pattern PLACE =
            Pattern.compile("(?:reading file|footer for file:?|footer in|path=) *:? *([^\\s;]+[^\\s;.:])");

    private static final Pattern NO_PARQUET = Pattern.compile(" is not a Parquet file|CANNOT_READ_FILE_FOOTER");

    /** Of whatever format the file is. */
    private static final Pattern READING =
            Pattern.compile("Encountered error while reading file|Error reading file|Problem opening stripe");

    private DamagedTable() {}

    /** The error for a user, or null where the exception is about something else. */
    public static DataException of(Throwable e) {
        String place = "";
        String why = null;
        String last = "";
        boolean reading = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            last = Objects.requireNonNullElse(
                            cause.getMessage(), cause.getClass().getSimpleName())
                    .lines()
                    .findFirst()
                    .orElse("");
            Matcher matcher = PLACE.matcher(last);
            place = place.isEmpty() && matcher.find() ? matcher.group(1) : place;
            reading |= READING.matcher(last).find();
            if (cause instanceof ParquetRuntimeException
                    || NO_PARQUET.matcher(last).find()) {
                why = last;
            }
        }
        if (why == null && !reading) {
            return null;
        }
        return new DataException(
                "Cannot read the file " + Redaction.of(place) + ": " + (why == null ? last : why)
                        + ". It may be damaged: run the stage that wrote it again with --force, or replace the file.",
                e);
    }
}
