package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.SmallDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk with the results of a run, which fills up at one moment after the other of a second run. Only the superuser of a
 * Linux machine can make such a disk: elsewhere the tests are skipped.
 */
@Tag("proof")
class FullDiskTest {

    private static final int KIB = 1024;

    @TempDir
    private Path folder;

    private SmallDisk small;
    private Path disk;
    private Path config;

    @BeforeEach
    void mount() throws Exception {
        small = SmallDisk.mount(folder.resolve("disk"), "8m");
        disk = small.path();
        config = FinishedRun.get().copy(folder);
    }

    @AfterEach
    void unmount() throws Exception {
        if (small != null) {
            small.close();
        }
    }

    @Test
    void earlierResultsStayUntilThePipelineIsDone() throws Exception {
        Path run = copyOfTheRun();
        String earlier = results(run).get("model/model.safetensors");
        List<String> places = untilItFits(run, "pipeline", 0, 24);
        assertThat(places).anyMatch(place -> place.contains("/.lock"));
        assertThat(places).anyMatch(place -> place.contains("/checkpoints/"));
        assertThat(places).anyMatch(place -> place.contains("/.tmp-train"));

        Path neverStopped = folder.resolve("other");
        assertThat(command("pipeline", "output_dir=" + neverStopped).exitCode()).isZero();
        assertThat(results(run).get("model/model.safetensors"))
                .isEqualTo(results(neverStopped).get("model/model.safetensors"))
                .isNotEqualTo(earlier);
        assertThat(run.resolve(".next")).doesNotExist();
    }

    @Test
    void earlierRankingsAndMetricsStayUntilTheNewOnesAreWhole() throws Exception {
        Path run = copyOfTheRun();
        assertThat(command("train", "output_dir=" + run).exitCode()).isZero();
        assertThat(untilItFits(run, "score", 8, 8)).anyMatch(place -> place.contains("/.tmp-score"));
        assertThat(untilItFits(run, "evaluate", 4, 24)).anyMatch(place -> place.contains("/.tmp-evaluate"));
    }

    @Test
    void preparedDataNeedNotFit() throws Exception {
        Path work = disk.resolve("work");
        Map<String, String> earlier = results(folder.resolve("run"));
        for (int free = 0; free <= 40; free += 40) {
            leave(free);
            CommandRun second = command("pipeline", "work_dir=" + work);
            assertExplained(second);
            assertThat(second.err()).contains(work.toString());
            assertThat(results(folder.resolve("run"))).isEqualTo(earlier);
        }
        leave(4000);
        assertThat(command("pipeline", "work_dir=" + work).exitCode()).isZero();
    }

    private Path copyOfTheRun() throws IOException {
        Path run = disk.resolve("run");
        FileUtils.copyDirectory(folder.resolve("run").toFile(), run.toFile());
        assertThat(results(run))
                .containsKeys("results.json", "metrics.csv", "model/model.safetensors", "model/SHA256SUMS");
        return run;
    }

    /** Runs a command with ever more free space until it succeeds; what could not be written before. */
    private List<String> untilItFits(Path run, String command, int freeKib, int more) throws IOException {
        Map<String, String> earlier = results(run);
        List<String> places = new ArrayList<>();
        for (int free = freeKib; free < 500; free += more) {
            leave(free);
            CommandRun second = command(command, "output_dir=" + run);
            if (second.exitCode() == 0) {
                return places;
            }
            assertExplained(second);
            assertThat(results(run)).isEqualTo(earlier);
            places.add(second.err().replaceAll("(?s).*cannot write (\\S+)[.] Free space.*", "$1"));
        }
        throw new AssertionError(command + " does not fit, at last in " + places);
    }

    private CommandRun command(String name, String override) {
        return CommandRun.of(
                name, "--config", config.toString(), "--master", "local[1]", "--override", "seed=7", override);
    }

    private static void assertExplained(CommandRun run) {
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_OTHER);
        assertThat(run.err())
                .containsOnlyOnce("error: ")
                .contains("The disk is full", "Free space", "output_dir", "work_dir", "TMPDIR")
                .doesNotContain("\tat ", "--verbose");
    }

    /** Fills the disk up to so much. */
    private void leave(int freeKib) throws IOException {
        Path filler = disk.resolve("filler");
        Files.deleteIfExists(filler);
        long fill = Files.getFileStore(disk).getUsableSpace() - (long) freeKib * KIB;
        assertThat(fill).isPositive();
        Files.write(filler, new byte[Math.toIntExact(fill)]);
    }

    /** The content of the files of a finished run, but for logs. */
    private static Map<String, String> results(Path run) throws IOException {
        Map<String, String> results = new LinkedHashMap<>();
        for (String part : List.of("results.json", "metrics.csv", "model", "rankings", "manifests")) {
            try (Stream<Path> files = Files.walk(run.resolve(part))) {
                files.filter(Files::isRegularFile)
                        .sorted()
                        .forEach(file -> results.put(run.relativize(file).toString(), content(file)));
            }
        }
        return results;
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
