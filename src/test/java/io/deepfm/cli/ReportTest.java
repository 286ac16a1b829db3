package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The page that a pipeline leaves, with all that Spark gathers for it. */
class ReportTest {

    @Test
    void aRunHasAReportWithEveryPart() throws IOException {
        String report = Files.readString(FinishedRun.get().folder().resolve("run/report.html"));
        assertThat(report)
                .contains(">Verdict<", ">Training<", ">Hits by K<", ">Rank of the held-out item<", ">Slices<")
                .contains(
                        ">Beyond accuracy<",
                        ">Example users<",
                        ">Which fields matter<",
                        ">Data<",
                        ">Time<",
                        ">Configuration<")
                .contains("by user activity", "by item popularity")
                .containsPattern("[0-9]+ users and [0-9]+ items")
                .doesNotContain(">null<");
        assertThat(report.length()).isLessThan(3_000_000);
    }
}
