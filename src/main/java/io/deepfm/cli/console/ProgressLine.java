package io.deepfm.cli.console;

import io.deepfm.job.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How far some work is, how fast it goes and how long it still takes, as a line of text. */
final class ProgressLine {

    /** A bar that is longer tells no more. */
    private static final int LONGEST_BAR = 30;

    private static final int SHORTEST_BAR = 5;
    private static final String SPACE = "  ";

    private final long start;
    private final long doneAtStart;
    private Progress latest;
    private long latestAt;

    /**
     * @param first what is known at the start
     * @param now a time in nanoseconds, of any origin
     */
    ProgressLine(Progress first, long now) {
        this.start = now;
        this.doneAtStart = first.done();
        update(first, now);
    }

    Progress latest() {
        return latest;
    }

    /** Takes over what {@linkplain Progress#continues continues} what was told before. */
    void update(Progress progress, long now) {
        latest = progress;
        latestAt = now;
    }

    /**
     * In a file: {@code encode   30 %  12 of 40 tasks  0:25 left}; of work that has just begun, as many short ones follow each
     * other, only how long that has been going on: {@code encode  1:20 so far}.
     */
    String text(long now, long since, long shortest) {
        if (now - start < shortest) {
            return latest.task() + SPACE + clock(seconds(now - since)) + " so far";
        }
        return latest.task() + SPACE + String.join(SPACE, facts(now));
    }

    /** On a terminal, in so many columns, the same with a bar, where there is room for it; else what fits. */
    String text(long now, int width) {
        String task = String.format(Locale.ROOT, "  %-10s  ", latest.task());
        List<String> facts = facts(now);
        while (facts.size() > 1 && task.length() + String.join(SPACE, facts).length() > width) {
            facts.remove(facts.size() - 1);
        }
        String text = String.join(SPACE, facts);
        int room = Math.min(LONGEST_BAR, width - task.length() - text.length() - "[]  ".length());
        return room < SHORTEST_BAR ? task + text : task + "[" + bar(room) + "]  " + text;
    }

    private String bar(int length) {
        int filled = (int) (length * latest.done() / Math.max(1, latest.all()));
        return "=".repeat(filled) + " ".repeat(length - filled);
    }

    private List<String> facts(long now) {
        List<String> facts = new ArrayList<>();
        facts.add(String.format(Locale.ROOT, "%3d %%", 100 * latest.done() / Math.max(1, latest.all())));
        if (latest.unit() == Progress.Unit.TASKS) {
            facts.add(String.format(Locale.ROOT, "%,d of %,d tasks", latest.done(), latest.all()));
        }
        double perSecond = (latest.done() - doneAtStart) / seconds(latestAt - start);
        boolean isPaceKnown = latest.done() > doneAtStart && latestAt > start;
        if (!isPaceKnown) {
            facts.add(clock(seconds(now - start)) + " so far");
        } else if (latest.done() < latest.all()) {
            double left = (latest.all() - latest.done()) / perSecond;
            facts.add(clock(Math.max(0, left - seconds(now - latestAt))) + " left");
        }
        if (isPaceKnown && latest.unit() == Progress.Unit.SAMPLES) {
            facts.add(String.format(Locale.ROOT, "%,.0f samples/s", perSecond));
        }
        if (!latest.more().isEmpty()) {
            facts.addAll(List.of(latest.more().split(SPACE)));
        }
        return facts;
    }

    private static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** Minutes and seconds, {@code 0:07}, and hours where there are some, {@code 1:02:30}. */
    private static String clock(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
