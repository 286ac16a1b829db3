package io.deepfm.cli.failure;

import ai.djl.util.Utils;
import io.deepfm.config.redaction.Redaction;
import io.deepfm.storage.FullDiskException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** What Spark and other libraries say when a disk is full, in a user's words. */
public final class FullDisk {

    /** Spark names the table, Java the file. */
    private static final Pattern PLACE =
            Pattern.compile("writing rows to (\\S+[^\\s.])|(/\\S+)(?: \\(|: )(?:No space left|Disk quota)");

    private FullDisk() {}

    /** The error for a user, or null where the exception is about something else. */
    public static FullDiskException of(Throwable e) {
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
        if (isWithin(root, "ai.djl.")) {
            place = "libtorch into " + Utils.getCacheDir() + " (set DJL_CACHE_DIR to use another folder)";
        } else if (place == null || !place.startsWith("/") && !isWithin(root, "org.apache.hadoop.fs.")) {
            // Also while it writes a table, Spark may run out of space for what it keeps on its own disk.
            place = "Spark's temporary files in " + localFolder();
        }
        return new FullDiskException(Redaction.of(place), e);
    }

    private static boolean isWithin(Throwable root, String code) {
        return Arrays.stream(root.getStackTrace())
                .anyMatch(call -> call.getClassName().startsWith(code));
    }

    private static String localFolder() {
        String set = System.getenv("SPARK_LOCAL_DIRS");
        return set != null ? set : new SparkConf().get("spark.local.dir", System.getProperty("java.io.tmpdir"));
    }
}
