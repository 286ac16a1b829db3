package io.deepfm.cli;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nights of {@code scripts/nightly}, with new interactions in the second and a broken file in the third. */
@Tag("proof")
class NightlyIT {

    @TempDir
    private Path folder;

    private Path runs;
    private Path interactions;

    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void copySampleData() throws IOException {
        runs = folder.resolve("runs");
        for (String file : List.of("u.data", "u.user", "u.item")) {
            Files.createDirectories(folder.resolve("data"));
            Files.copy(Path.of("sample-data", file), folder.resolve("data").resolve(file));
        }
        interactions = folder.resolve("data/u.data");
    }

    @Test
    void theLatestPointsToTheNewestRunThatSucceeded() throws Exception {
        Run first = night("2026-01-01");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).matches("deepfm 2026-01-01: ok in .*, test AUC 0[.]\\d{4}, HR@10 .*\n");
        assertThat(first.err()).isEmpty();
        assertThat(runs.resolve("2026-01-01.log")).content().doesNotContain("\r", "\u001b", "starting from");
        assertThat(latest()).isEqualTo("2026-01-01");

        Files.writeString(interactions, "1\t1\t5\t893286638\n2\t1\t4\t893286639\n", APPEND);
        Path old = Files.createDirectory(runs.resolve("2025-12-31"));
        Files.createFile(old.resolve("results.json"));
        Path oldLog = Files.createFile(runs.resolve("2025-12-31.log"));
        Run second = night("2026-01-02", "--warm-start", "--keep", "1");
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(runs.resolve("2026-01-02.log"))
                .content()
                .contains("starting from " + runs + "/2026-01-01/model")
                .containsPattern("tables +up to date");
        assertThat(latest()).isEqualTo("2026-01-02");
        assertThat(old).doesNotExist();
        assertThat(oldLog).doesNotExist();

        Run again = night("2026-01-02", "--warm-start", "--keep", "1");
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(runs.resolve("2026-01-02.log"))
                .content()
                .containsPattern("train +up to date")
                .containsPattern("score +up to date");

        Files.writeString(interactions, "1\t1\tfive\t893286640\n", APPEND);
        Run third = night("2026-01-03", "--keep", "1");
        assertThat(third.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(third.out())
                .startsWith("deepfm 2026-01-03: FAILED with exit code 3")
                .hasLineCount(1);
        assertThat(third.err()).contains("u.data", "five");
        assertThat(latest()).isEqualTo("2026-01-02");
        assertThat(runs.resolve("latest/results.json")).isNotEmptyFile();
    }

    @Test
    void wrongOptionsAreRefused() throws Exception {
        assertThat(night("tomorrow").err()).contains("--day tomorrow", "scripts/nightly --runs DIR");
        assertThat(night("2026-01-01", "--keep", "0").exitCode()).isEqualTo(Main.EXIT_CONFIG);
    }

    private String latest() throws IOException {
        return Files.readSymbolicLink(runs.resolve("latest")).toString();
    }

    private Run night(String day, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of("scripts/nightly", "--runs", runs.toString(), "--day", day));
        line.addAll(List.of(options));
        line.addAll(List.of(
                "--config",
                "conf/deepfm_sample.conf",
                "--override",
                "data.data_dir=" + folder.resolve("data"),
                "work_dir=" + folder.resolve("work"),
                "training.epochs=1",
                "data.num_neg_eval=50"));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = new ProcessBuilder(line)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).as(day).isTrue();
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
