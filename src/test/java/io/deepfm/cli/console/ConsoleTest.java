package io.deepfm.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.job.progress.Progress;
import io.deepfm.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shows while work runs, second by second of a clock of its own. */
class ConsoleTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
    private double seconds;

    @Test
    void linesOfLongWorkAreTenSecondsApartAndThenTheFurtherTheLongerItRuns() throws IOException {
        try (Console console = console(Optional.empty())) {
            for (int second = 0; second <= 200; second++) {
                at(second);
                console.onProgress(tasks("encode", second, 400));
                console.tick();
            }
            console.onStage("encode", "done", 201, false);
        }
        String lines =
                """

                title

                                          encode    2 %  10 of 400 tasks  6:30 left
                                          encode    5 %  20 of 400 tasks  6:20 left
                                          encode   10 %  40 of 400 tasks  6:00 left
                                          encode   20 %  80 of 400 tasks  5:20 left
                                          encode   35 %  140 of 400 tasks  4:20 left
                                          encode   50 %  200 of 400 tasks  3:20 left
                  encode        201.0 s   done
                """;
        assertThat(text()).isEqualTo(lines);
        assertThat(Files.readString(folder.resolve("train.log"))).isEqualTo(lines);
    }

    @Test
    void ofManyShortStagesOnlyTheirTimeIsTold() {
        try (Console console = console(Optional.empty())) {
            for (int second = 0; second <= 25; second++) {
                at(second);
                console.onProgress(tasks("baselines", second % 2, 2));
                console.tick();
            }
        }
        assertThat(text().lines().map(String::strip))
                .containsExactly("", "title", "", "baselines  0:10 so far", "baselines  0:20 so far");
    }

    @Test
    void shortWorkHasNoLinesButItsOwn() {
        try (Console console = console(Optional.empty())) {
            for (String stage : new String[] {"split", "encode", "candidates"}) {
                for (int i = 0; i < 9; i++) {
                    at(seconds + 1);
                    console.onProgress(tasks(stage, i, 9));
                    console.tick();
                }
                console.onStage(stage, "done", 9, false);
            }
        }
        assertThat(text()).doesNotContain("tasks");
    }

    @Test
    void aTerminalShowsOneLineInPlaceThatTheFinishedOneReplaces() throws IOException {
        try (Console console = console(Optional.of(new Terminal(out, 101)))) {
            console.onProgress(rows("epoch  3", 0, "val auc 0.8100"));
            console.tick();
            at(2);
            console.onProgress(rows("epoch  3", 2_000, "loss 0.5123  val auc 0.8100"));
            at(3);
            console.tick();
            console.onEpoch(3, "epoch  3  done");
            console.tick();
        }
        assertThat(text())
                .isEqualTo("\ntitle\n\n"
                        + "\r  epoch  3    [                              ]    0 %  0:00 so far  val auc 0.8100"
                        + "\r  epoch  3    [=====               ]   25 %  0:05 left  1,000 samples/s  loss 0.5123  val auc 0.8100"
                        + "\r" + " ".repeat(100) + "\r"
                        + "                          epoch  3  done\n");
        assertThat(Files.readString(folder.resolve("train.log")))
                .isEqualTo("\ntitle\n\n                          epoch  3  done\n");
    }

    @Test
    void aNarrowTerminalShowsWhatFits() {
        try (Console console = console(Optional.of(new Terminal(out, 41)))) {
            console.onProgress(rows("epoch  1", 4_000, "loss 0.5123"));
            console.tick();
        }
        assertThat(text()).contains("\r  epoch  1     50 %  0:00 so far\r").doesNotContain("loss");
    }

    @Test
    void whatSparkPreparesMeanwhileDoesNotHideTheEpochThatRuns() {
        try (Console console = console(Optional.of(new Terminal(out, 80)))) {
            console.onProgress(tasks("train", 1, 2));
            console.tick();
            console.onProgress(rows("epoch  1", 0, ""));
            console.onProgress(tasks("train", 0, 4));
            console.tick();
            console.onEpoch(1, "epoch  1  done");
            console.onProgress(tasks("train", 3, 4));
            console.tick();
        }
        assertThat(text().lines().flatMap(line -> Arrays.stream(line.split("\r"))))
                .filteredOn(line -> line.contains("%"))
                .extracting(line -> line.strip().replaceAll(" +", " "))
                .containsExactly(
                        "train [============== ] 50 % 1 of 2 tasks 0:00 so far",
                        "epoch 1 [ ] 0 % 0:00 so far", "train [===================== ] 75 % 3 of 4 tasks 0:00 so far");
    }

    @Test
    void whatIsKeptAreFinishedStagesAndTheLastEpochUntilTrainingIsOver() {
        try (Console console = console(Optional.empty())) {
            assertThat(console.kept()).isEmpty();
            console.onStage("encode", "", 1, true);
            console.onEpoch(4, "resuming after epoch 4");
            assertThat(console.kept()).containsExactly("encode", "training up to epoch 4");
            console.onStage("train", "", 1, false);
            assertThat(console.kept()).containsExactly("encode", "train");
        }
    }

    private Console console(Optional<Terminal> terminal) {
        return new Console(
                "title",
                new Storage(new Configuration()),
                Optional.of(new org.apache.hadoop.fs.Path(
                        folder.resolve("train.log").toUri())),
                out,
                terminal,
                () -> (long) (seconds * TimeUnit.SECONDS.toNanos(1)));
    }

    private void at(double second) {
        seconds = second;
    }

    private static Progress tasks(String task, long done, long all) {
        return new Progress(task, done, all, Progress.Unit.TASKS, "");
    }

    private static Progress rows(String task, long done, String more) {
        return new Progress(task, done, 8_000, Progress.Unit.SAMPLES, more);
    }

    private String text() {
        return shown.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
