package io.deepfm.cli;

import io.deepfm.config.Redaction;
import io.deepfm.storage.FullDiskException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.Syncable;

/**
 * What a person reads: one line per stage, one per epoch, a table at the end; the same lines go to {@code train.log}.
 * A progress bar shows on a terminal only.
 */
final class Console implements AutoCloseable {

    private final PrintStream out = System.out;
    private final boolean terminal = System.console() != null;
    private final String logFile;
    private final OutputStream log;
    private ProgressBar bar;

    /** Goes on where an earlier command's log ends. */
    Console(Storage storage, Path logFile) {
        this.logFile = logFile.toString();
        byte[] earlier = storage.exists(logFile) ? storage.readBytes(logFile) : new byte[0];
        this.log = storage.create(logFile);
        log(earlier);
    }

    /** For a command that leaves no log. */
    Console() {
        this.logFile = "";
        this.log = OutputStream.nullOutputStream();
    }

    /** The first line of a command. */
    void title(String text) {
        line("");
        line(text);
        line("");
    }

    /** A stage is over. */
    void stage(String name, String what, double seconds, boolean reused) {
        String time = reused ? "kept" : String.format(Locale.ROOT, "%.1f s", seconds);
        line(String.format(Locale.ROOT, "  %-10s %8s   %s", name, time, what));
    }

    /** More about the stage above or below. */
    void detail(String what) {
        line(String.format(Locale.ROOT, "  %-10s %8s   %s", "", "", what));
    }

    /** A line of text. */
    void line(String text) {
        hideProgress();
        String shown = Redaction.of(text);
        out.println(shown);
        log((shown + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
    }

    private void log(byte[] bytes) {
        try {
            log.write(bytes);
            log.flush();
            if (log instanceof Syncable syncable) {
                // On HDFS nobody else could read it before the end, and a killed command would leave nothing.
                syncable.hflush();
            }
        } catch (IOException | FSError e) {
            throw failed(e);
        }
    }

    private RuntimeException failed(Throwable e) {
        return FullDiskException.isCauseOf(e)
                ? new FullDiskException(logFile, e)
                : new IllegalStateException("Cannot write " + logFile + ": " + e.getMessage(), e);
    }

    /** Shows how far long work has come, until the next line. */
    void progress(String task, long done, long all) {
        if (!terminal) {
            return;
        }
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName("  " + task)
                    .setInitialMax(all)
                    .setStyle(ProgressBarStyle.ASCII)
                    .clearDisplayOnFinish()
                    .build();
        }
        bar.stepTo(done);
    }

    private void hideProgress() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void close() {
        hideProgress();
        try {
            log.close();
        } catch (IOException | FSError e) {
            throw failed(e);
        }
    }
}
