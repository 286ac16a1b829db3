package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose data have changed since it was trained. */
class OtherDataTest {

    @TempDir
    private Path folder;

    private Path config;

    @BeforeEach
    void copyARun() throws IOException {
        config = FinishedRun.get().copy(folder);
    }

    /** All indices move by one, while the ids of all values stay. */
    @Test
    void usersOfOtherIndicesAreNotRanked() throws IOException {
        Path users = folder.resolve("raw/u.user");
        List<String> lines = new ArrayList<>(List.of("99|30|M|other|10000"));
        lines.addAll(Files.readAllLines(users));
        Files.write(users, lines);
        assertRefused(run("evaluate"), "of the users number ");
    }

    @Test
    void neitherAreValuesOfOtherIds() throws IOException {
        Path users = folder.resolve("raw/u.user");
        Files.writeString(users, Files.readString(users).replace("|M|writer|", "|M|artist|"));
        assertRefused(run("explain"), "the values of features have other ids");
        assertRefused(run("evaluate"), "the values of features have other ids");
    }

    @Test
    void theSameTablesEncodedAnewAreTheSameData() {
        CommandRun again = run("evaluate", "--override", "data.max_bad_rows=0.5");
        assertThat(again.err()).isEmpty();
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).doesNotContainPattern("encode +up to date").doesNotContainPattern("score +up to date");
    }

    private void assertRefused(CommandRun run, String difference) {
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(run.err())
                .contains(
                        folder.resolve("run/model").toString(),
                        folder.resolve("work").toString(),
                        difference)
                .contains("Train again");
    }

    private CommandRun run(String command, String... options) {
        List<String> all = new ArrayList<>(List.of(command, "--config", config.toString(), "--master", "local[1]"));
        all.addAll(List.of(options));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
