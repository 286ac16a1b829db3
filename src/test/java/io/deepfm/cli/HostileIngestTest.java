package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.Mutations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged raw files through the whole command: an error that names one of them, or all that they hold. */
class HostileIngestTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aDamagedFileIsRefusedOrItsRowsAreTaken(long seed) throws IOException {
        Path config = RawFiles.write(folder);
        Random random = new Random(seed);
        Path raw = folder.resolve("raw");
        Path damaged = raw.resolve(List.of("u.data", "u.user", "u.item").get(random.nextInt(3)));
        Files.write(damaged, Mutations.of(Files.readAllBytes(damaged), random));

        CommandRun run = CommandRun.of("ingest", "--config", config.toString(), "--master", "local[1]");

        assertThat(run.out() + run.err()).doesNotContain("\tat ");
        if (run.exitCode() == 0) {
            assertThat(ParquetRows.of(folder.resolve("work/interactions")).stream()
                            .map(row -> row.<Number>getAs("user_id") + "\t" + row.<Number>getAs("movie_id") + "\t"
                                    + row.<Number>getAs("rating").intValue() + "\t" + row.<Number>getAs("timestamp")))
                    .containsExactlyInAnyOrderElementsOf(
                            Files.readAllLines(raw.resolve("u.data"), StandardCharsets.ISO_8859_1));
        } else {
            assertThat(run.exitCode()).as(run.err()).isEqualTo(Main.EXIT_DATA);
            assertThat(run.err()).contains(raw.resolve("u.").toString());
        }
    }
}
