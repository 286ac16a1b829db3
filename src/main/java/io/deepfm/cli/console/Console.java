package io.deepfm.cli.console;

import io.deepfm.config.redaction.Redaction;
import io.deepfm.job.progress.JobListener;
import io.deepfm.job.progress.Progress;
import io.deepfm.storage.Storage;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.hadoop.fs.Path;

/**
 * What a person reads: one line per stage, one per epoch, a table at the end; the same lines go to {@code train.log}.
 *
 * <p>What runs shows how far it is: on a terminal in a line that is drawn over and over, elsewhere, and in the log, in a line of
 * its own now and then.
 */
public final class Console implements JobListener {

    private static final long REDRAW_MILLIS = 500;
    /** Lines of long work are at least so far apart, and the further the longer it runs. */
    private static final long SHORTEST_PAUSE = TimeUnit.SECONDS.toNanos(10);

    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(60);

    private final PrintStream out;
    private final Optional<Terminal> terminal;
    private final LongSupplier clock;
    private final LogFile log;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });
    private final List<String> finished = new ArrayList<>();
    private int checkpoint;
    private ProgressLine progress;
    /** When something was last told that stays, and when how far the work is was last told beside it. */
    private long told;

    private long toldProgress;

    /**
     * Begins with the command's title; continues an earlier command's log.
     *
     * @param title what the command is about
     * @param storage the file systems
     * @param file the log; nothing for a command that leaves none
     */
    public Console(String title, Storage storage, Optional<Path> file) {
        this(
                title,
                storage,
                file,
                System.out,
                Optional.of(new Terminal(System.out, Terminal.columns(System.getenv("COLUMNS"))))
                        .filter(any -> System.console() != null),
                System::nanoTime);
        ticker.scheduleWithFixedDelay(this::tick, REDRAW_MILLIS, REDRAW_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** With a clock of nanoseconds; somebody else has to {@link #tick}. */
    Console(
            String title,
            Storage storage,
            Optional<Path> file,
            PrintStream out,
            Optional<Terminal> terminal,
            LongSupplier clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.log = file.map(path -> LogFile.open(storage, path)).orElseGet(LogFile::none);
        line("");
        line(title);
        line("");
    }

    @Override
    public synchronized void onStage(String name, String what, double seconds, boolean upToDate) {
        String time = upToDate ? "up to date" : String.format(Locale.ROOT, "%.1f s", seconds);
        line(String.format(Locale.ROOT, "  %-10s %10s   %s", name, time, what));
        finished.add(name);
    }

    @Override
    public void onDetail(String what) {
        line(detail(what));
    }

    @Override
    public synchronized void onEpoch(int epoch, String what) {
        onDetail(what);
        checkpoint = epoch;
    }

    private static String detail(String what) {
        return String.format(Locale.ROOT, "  %-10s %10s   %s", "", "", what);
    }

    /** A line of text. */
    public synchronized void line(String text) {
        terminal.ifPresent(Terminal::clear);
        progress = null;
        told = clock.getAsLong();
        toldProgress = told;
        String shown = Redaction.of(text);
        out.println(shown);
        log.line(shown);
    }

    /** The same text, in bold on a terminal that knows it. */
    public String bold(String text) {
        return terminal.isPresent() && !"dumb".equals(System.getenv("TERM")) && System.getenv("NO_COLOR") == null
                ? "\u001b[1m" + text + "\u001b[0m"
                : text;
    }

    /**
     * What there is of the work if it is stopped now.
     *
     * @return the finished stages, and how far the training is that is not
     */
    public synchronized List<String> kept() {
        List<String> kept = new ArrayList<>(finished);
        if (checkpoint > 0 && !finished.contains("train")) {
            kept.add("training up to epoch " + checkpoint);
        }
        return kept;
    }

    /** Shown from the next tick to the next line. */
    @Override
    public synchronized void onProgress(Progress latest) {
        if (progress != null
                && progress.latest().unit() == Progress.Unit.SAMPLES
                && latest.unit() == Progress.Unit.TASKS) {
            // Spark samples the next epochs; what one waits for is this one.
            return;
        }
        if (progress != null && latest.continues(progress.latest())) {
            progress.update(latest, clock.getAsLong());
        } else {
            progress = new ProgressLine(latest, clock.getAsLong());
        }
    }

    /** Shows how far the work is, where that is due. */
    synchronized void tick() {
        if (progress == null) {
            return;
        }
        long now = clock.getAsLong();
        terminal.ifPresent(there -> there.draw(progress.text(now, there.width())));
        long pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, toldProgress - told));
        if (now - toldProgress >= pause) {
            toldProgress = now;
            String text = detail(progress.text(now, told, SHORTEST_PAUSE));
            if (terminal.isEmpty()) {
                out.println(text);
            }
            log.line(text);
        }
    }

    @Override
    public synchronized void close() {
        ticker.shutdownNow();
        progress = null;
        terminal.ifPresent(Terminal::clear);
        log.close();
    }
}
