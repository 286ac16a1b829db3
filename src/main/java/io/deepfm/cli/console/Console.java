package io.deepfm.cli.console;

import io.deepfm.config.redaction.Redaction;
import io.deepfm.job.JobListener;
import io.deepfm.storage.FullDiskException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
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
public final class Console implements JobListener {

    private final PrintStream out = System.out;
    private final boolean terminal = System.console() != null;
    private final String logFile;
    private final OutputStream log;
    private ProgressBar bar;

    /**
     * Begins with the command's title; continues an earlier command's log.
     *
     * @param title what the command is about
     * @param storage the file systems
     * @param file the log; nothing for a command that leaves none
     */
    public Console(String title, Storage storage, Optional<Path> file) {
        this.logFile = file.map(Path::toString).orElse("");
        byte[] earlier = file.filter(storage::exists).map(storage::readBytes).orElse(new byte[0]);
        this.log = file.map(storage::create).orElseGet(OutputStream::nullOutputStream);
        log(earlier);
        line("");
        line(title);
        line("");
    }

    @Override
    public void onStage(String name, String what, double seconds, boolean upToDate) {
        String time = upToDate ? "up to date" : String.format(Locale.ROOT, "%.1f s", seconds);
        line(String.format(Locale.ROOT, "  %-10s %10s   %s", name, time, what));
    }

    @Override
    public void onDetail(String what) {
        line(String.format(Locale.ROOT, "  %-10s %10s   %s", "", "", what));
    }

    /** A line of text. */
    public void line(String text) {
        hideProgress();
        String shown = Redaction.of(text);
        out.println(shown);
        log((shown + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
    }

    /** The same text, in bold on a terminal that knows it. */
    public String bold(String text) {
        return terminal && !"dumb".equals(System.getenv("TERM")) && System.getenv("NO_COLOR") == null
                ? "\u001b[1m" + text + "\u001b[0m"
                : text;
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

    /** Shows a bar, until the next line. */
    @Override
    public void onProgress(String task, long done, long all) {
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
