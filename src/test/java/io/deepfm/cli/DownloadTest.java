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

/** When {@code download} does its work: of a dataset that has no download, so that it fails if it does. */
class DownloadTest {

    @TempDir
    private Path folder;

    private Path raw;
    private Path config;

    @BeforeEach
    void folder() throws IOException {
        raw = Files.createDirectory(folder.resolve("raw"));
        config = new OwnDatasets(folder).clickLog();
    }

    @Test
    void aFolderThatIsThereIsTold() {
        for (CommandRun run : List.of(download(), download("--force"))) {
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("data.data_dir = " + raw + " is there already", "delete it first");
        }
    }

    @Test
    void withoutAFolderItDownloadsAlsoWhatOtherCommandsDoNot() throws IOException {
        Files.delete(raw);
        assertThatItDownloads(download());
    }

    private static void assertThatItDownloads(CommandRun run) {
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(run.err()).contains("There is no download for the dataset own");
    }

    private CommandRun download(String... options) {
        List<String> all = new ArrayList<>(List.of("--override", "data.data_dir=" + raw));
        all.addAll(List.of(options));
        return OwnDatasets.command("download", config, all.toArray(String[]::new));
    }
}
