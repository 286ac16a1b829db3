package io.deepfm.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.report.RunDirectory;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkLogTest {

    private static final Logger LOGGER = LogManager.getLogger("spark");

    @TempDir
    private Path run;

    @AfterEach
    void close() {
        SparkLog.redirect(true);
    }

    @Test
    void theRunsLogIsTouchedOnceTheRunIsHeldAndThenHasAll() throws IOException {
        Path log = Files.writeString(run.resolve("spark.log"), "of another command\n");
        SparkLog.redirect(false);
        LOGGER.warn("before the lock");
        assertThat(log).content().isEqualTo("of another command\n");

        moveTo(run.toString());
        LOGGER.warn("after it");
        assertThat(log)
                .content()
                .containsSubsequence("before the lock", "after it")
                .doesNotContain("another");
    }

    @Test
    void aRunThatNothingIsSaidOfKeepsNoEarlierLog() throws IOException {
        Path log = Files.writeString(run.resolve("spark.log"), "of an earlier command\n");
        SparkLog.redirect(false);
        moveTo("file://" + run);
        assertThat(log).doesNotExist();
    }

    @Test
    void whatAnotherLeftUnderThisProcesssNumberDoesNotStopACommand() throws IOException {
        // Not to be deleted, as another user's file in a folder for all.
        Path left = Files.createDirectory(Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("deepfm-spark-" + ProcessHandle.current().pid() + ".log"));
        Path within = Files.createFile(left.resolve("file"));
        try {
            SparkLog.redirect(false);
        } finally {
            Files.delete(within);
            Files.delete(left);
        }
    }

    private static void moveTo(String folder) {
        SparkLog.moveTo(
                new RunDirectory(new org.apache.hadoop.fs.Path(folder)), new Storage(new Configuration()), false);
    }
}
