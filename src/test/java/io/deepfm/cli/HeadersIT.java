package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** First lines that are not what the settings say. */
class HeadersIT {

    @TempDir
    private Path folder;

    @Test
    void aHeaderThatNothingAnnouncesStopsTheRunWithAHint() throws IOException {
        Path config = new OwnDatasets(folder).purchases();
        change(config, "header = true", "header = false");
        CommandRun run = OwnDatasets.command("ingest", config);
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(run.err())
                .contains(
                        "1 row cannot be used: 1 wrong type.",
                        folder
                                + "/purchases.csv:1: column time is not an integer: 'time'. The line looks like a header:"
                                + " set header = true?");
    }

    /** Where all columns are text, nothing is wrong with a header as a row. */
    @Test
    void aHeaderOfTextIsWarnedOf() throws IOException {
        Path config = new OwnDatasets(folder).purchases();
        change(config, "header = true", "header = false");
        change(config, "time BIGINT, price DOUBLE", "time STRING, price STRING");
        change(config, "time = time", "time = \"coalesce(try_cast(time AS BIGINT), 0)\"");
        change(config, "type = dense, scaling = standard", "type = sparse");
        CommandRun run = OwnDatasets.command("ingest", config);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .containsOnlyOnce("warning: " + folder
                        + "/purchases.csv:1: this row looks like a header: user, item, time, price, shop. Set header ="
                        + " true?");
    }

    @Test
    void aRowThatAnAnnouncedHeaderWouldCostIsWarnedOf() throws IOException {
        Path config = new OwnDatasets(folder).purchases();
        Path file = folder.resolve("purchases.csv");
        List<String> lines = Files.readAllLines(file);
        Files.write(file, lines.subList(1, lines.size()));
        CommandRun run = OwnDatasets.command("ingest", config);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("warning: " + file + ":1: header = true makes names of this line, but '1000' is a number.");
        // A stage that is up to date says nothing, but the row is missing all the same.
        assertThat(OwnDatasets.command("ingest", config).out()).contains("header = true makes names of this line");
    }

    private static void change(Path config, String text, String replacement) throws IOException {
        String all = Files.readString(config);
        assertThat(all).contains(text);
        Files.writeString(config, all.replace(text, replacement));
    }
}
