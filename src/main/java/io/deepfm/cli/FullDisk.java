package io.deepfm.cli;

import io.deepfm.config.Redaction;
import io.deepfm.storage.FullDiskException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** What Spark and other libraries say when a disk is full, in a user's words. */
final class FullDisk {

    /** Spark names the table, Java the file. */
    private static final Pattern PLACE =
            Pattern.compile("writing rows to (\\S+[^\\s.])|(/\\S+)(?: \\(|: )(?:No space left|Disk quota)");

    private FullDisk() {}

    /** The error for a user, or null where the exception is about something else. */
    static FullDiskException of(Throwable e) {
        Throwable root = e;
        String place = null;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FullDiskException known) {
                return known;
            }
            Matcher matcher = PLACE.matcher(String.valueOf(cause.getMessage()));
            if (matcher.find()) {
                place = matcher.group(matcher.group(1) == null ? 2 : 1);
            }
            root = cause;
        }
        if (!FullDiskException.isCauseOf(e)) {
            return null;
        }
        // While it writes a table Spark may also run out of space for what it keeps on its own disk.
        boolean spill = Arrays.stream(root.getStackTrace())
                .map(StackTraceElement::getClassName)
                .noneMatch(name -> name.startsWith("org.apache.hadoop.fs."));
        boolean table = place != null && !place.startsWith("/");
        return new FullDiskException(
                Redaction.of(place == null || table && spill ? "temporary files of Spark in " + localFolder() : place),
                e);
    }

    private static String localFolder() {
        String set = System.getenv("SPARK_LOCAL_DIRS");
        return set != null ? set : new SparkConf().get("spark.local.dir", System.getProperty("java.io.tmpdir"));
    }
}
