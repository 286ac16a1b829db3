package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comparing what runs left in their folders. */
class CompareCommandTest {

    @TempDir
    private Path folder;

    private Path first;
    private Path second;

    @BeforeEach
    void copyAFinishedRunTwice() throws IOException {
        FinishedRun.get().copy(folder.resolve("1"));
        FinishedRun.get().copy(folder.resolve("2"));
        first = Files.move(folder.resolve("1/run"), folder.resolve("deep-42"));
        second = Files.move(folder.resolve("2/run"), folder.resolve("deep-43"));
    }

    @Test
    void runsWithOtherSeedsAreOneSetup() throws IOException {
        replace(second, "\"seed\" : 42", "\"seed\" : 43");
        CommandRun run = compare();
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("runs", "HR@10", "  deep     2", "± 0.0000")
                .doesNotContain("minus");
    }

    @Test
    void runsWithOtherSettingsAreComparedUserByUser() throws IOException {
        replace(second, "\"lr\" : ", "\"lr\" : 1");
        CommandRun run = compare();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("training.lr", "deep-43 minus deep-42, mean over ")
                .containsPattern("NDCG@10 +[+]0.0000  \\[[+]0.0000, [+]0.0000\\]  1.0000");
    }

    @Test
    void oneRunTwiceIsRefusedAsIsAFolderThatIsNoRun() throws IOException {
        assertThat(compare().err()).contains("deep-42 and ", "deep-43 have the same settings and the same seed");
        Files.delete(second.resolve("results.json"));
        CommandRun run = compare();
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err()).contains("deep-43: there is no results.json");
    }

    @Test
    void runsOverOtherCandidatesAreRefused() throws IOException {
        replace(second, "\"num_neg_eval\" : \"", "\"num_neg_eval\" : \"1");
        CommandRun run = compare();
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err()).contains("did not rank the same candidates: data.num_neg_eval = ");
    }

    @Test
    void aRunWhoseNameHasAColonNeedsAFolderBeforeIt() {
        CommandRun run = CommandRun.of("compare", "run-10:00");
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err()).contains("RUN", "Write ./run-10:00 instead.");
    }

    private CommandRun compare() {
        return CommandRun.of("compare", first.toString(), second.toString());
    }

    private static void replace(Path run, String text, String replacement) throws IOException {
        Path file = run.resolve("results.json");
        String json = Files.readString(file);
        assertThat(json).contains(text);
        Files.writeString(file, json.replace(text, replacement));
    }
}
