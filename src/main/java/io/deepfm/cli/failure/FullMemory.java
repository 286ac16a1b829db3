package io.deepfm.cli.failure;

import java.util.Locale;
import java.util.regex.Pattern;

/** What Java, Spark and torch say when memory is full, in a user's words. */
public final class FullMemory extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An executor's error comes as text alone; 52 is the exit code of one whose heap is full. */
    private static final Pattern HEAP = Pattern.compile(
            "java[.]lang[.]OutOfMemoryError|INVALID_(?:DRIVER|EXECUTOR)_MEMORY|exited with code 52|exitCode=52");

    /** What a larger heap does not mend. */
    private static final Pattern NOT_THE_HEAP = Pattern.compile("native thread|Metaspace|class space|exceeds VM limit");

    /** Torch's allocator, and C++. */
    private static final Pattern NATIVE =
            Pattern.compile("can't allocate memory|not enough memory: you tried|bad_alloc");

    private FullMemory(String message, Throwable cause) {
        super(message, cause);
    }

    /** The error for a user, or null where the exception is about something else. */
    public static FullMemory of(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof OutOfMemoryError
                    && NOT_THE_HEAP.matcher(message).find()) {
                return new FullMemory(
                        "Out of memory: " + firstLine(message) + ". A larger heap does not help: this is a limit of the"
                                + " operating system (threads: ulimit -u) or of the JVM's own.",
                        e);
            }
            if (cause instanceof OutOfMemoryError || HEAP.matcher(message).find()) {
                return new FullMemory(
                        String.format(
                                Locale.ROOT,
                                "Out of memory: %s. The Java heap of this process is limited to %,d MiB. Raise the limit, for example with"
                                        + " DEEPFM_JAVA_OPTIONS=-Xmx8g in the environment of scripts/deepfm; with"
                                        + " spark-submit --driver-memory 8g, for executors --executor-memory. Then run the"
                                        + " same command again, which resumes from what is finished.",
                                firstLine(message.replaceFirst("(?s).*java[.]lang[.]OutOfMemoryError: ", "")),
                                Runtime.getRuntime().maxMemory() >> 20),
                        e);
            }
            if (NATIVE.matcher(message).find()) {
                return new FullMemory(
                        "Out of memory: torch cannot allocate more from the operating system (" + firstLine(message)
                                + "). Torch's memory is outside the Java heap: give the machine or the container more,"
                                + " or make training.batch_size and evaluation.batch_size smaller.",
                        e);
            }
        }
        return null;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
