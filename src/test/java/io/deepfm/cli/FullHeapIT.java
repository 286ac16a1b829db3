package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline in a process whose heap of 1 GB is too small, over the results of an earlier run. */
@Tag("proof")
class FullHeapIT {

    @TempDir
    private Path folder;

    private Path config;

    @BeforeEach
    void finishedRun() throws Exception {
        config = FinishedRun.get().copy(folder);
    }

    /** A line without an end, in a task of Spark; an executor would end its process without a word. */
    @Test
    void aLineThatIsTooLong() throws Exception {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("raw/u.data").toFile(), "rw")) {
            file.setLength(1_000_000_000);
        }
        byte[] results = Files.readAllBytes(folder.resolve("run/results.json"));
        byte[] model = Files.readAllBytes(folder.resolve("run/model/model.safetensors"));
        List<String> command = new ArrayList<>(List.of("pipeline", "--config", config.toString()));
        command.addAll(List.of("--override", "seed=7"));
        try (JavaProcess process =
                JavaProcess.submit(folder, "driver", Map.of("spark.master", "local[2]"), Map.of(), command)) {
            int exitCode = process.exitCode();
            assertThat(process.log())
                    .contains("error: Out of memory: ", "1,024 MiB", "DEEPFM_JAVA_OPTIONS=-Xmx8g")
                    .doesNotContain("\tat ", "--verbose", "Stopped.");
            assertThat(exitCode).isEqualTo(Main.EXIT_OTHER);
        }
        assertThat(folder.resolve("run/results.json")).hasBinaryContent(results);
        assertThat(folder.resolve("run/model/model.safetensors")).hasBinaryContent(model);
    }
}
