package io.deepfm.cli.console;

import io.deepfm.config.redaction.Redaction;
import io.deepfm.report.RunDirectory;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.AppenderComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/**
 * Keeps the driver's log of Spark and other libraries out of the way: warnings and errors go to the system's temporary
 * folder, as Spark speaks before the run's folder is this command's own, and then to {@code spark.log} in that folder; where
 * it is not on a local disk, at the end.
 */
public final class SparkLog {

    private static final String PATTERN = "%d{HH:mm:ss} %p %c{1}: " + Redaction.logPattern("%m%n%ex");

    /** Of this process alone: another user's of the same number, or in another container, may have left one there. */
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"))
            .resolve("deepfm-spark-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID() + ".log");

    private SparkLog() {}

    /**
     * Sends the log to the temporary folder.
     *
     * @param verbose to standard error instead
     */
    public static void redirect(boolean verbose) {
        try {
            // Of an earlier command in this process.
            Files.deleteIfExists(TEMPORARY);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + TEMPORARY, e);
        }
        redirect(TEMPORARY, verbose);
    }

    /**
     * Goes on in the run's folder, in place of what an earlier command left there, which must have ended.
     *
     * @param run the run, which is this command's alone
     * @param storage the file systems
     * @param verbose to standard error instead
     */
    public static void moveTo(RunDirectory run, Storage storage, boolean verbose) {
        if (verbose || !storage.isLocal(run.root())) {
            return;
        }
        Path file = Path.of(storage.qualified(run.sparkLog()).toUri().getPath());
        try {
            if (Files.exists(TEMPORARY)) {
                Files.move(TEMPORARY, file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot move " + TEMPORARY + " to " + file, e);
        }
        redirect(file, false);
    }

    private static void redirect(Path file, boolean verbose) {
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.setStatusLevel(Level.OFF);
        AppenderComponentBuilder appender = verbose
                ? builder.newAppender("log", "Console").addAttribute("target", "SYSTEM_ERR")
                : builder.newAppender("log", "File")
                        .addAttribute("fileName", file.toString())
                        .addAttribute("append", true)
                        // Made when there is something to say.
                        .addAttribute("createOnDemand", true);
        builder.add(appender.add(builder.newLayout("PatternLayout").addAttribute("pattern", PATTERN)));
        builder.add(builder.newRootLogger(Level.WARN).add(builder.newAppenderRef("log")));
        Configurator.reconfigure(builder.build());
    }

    /** Ends the log of a run: what lies in the temporary folder is moved to the run. */
    public static void end(RunDirectory run, Storage storage) {
        if (storage.isLocal(run.root()) || !Files.exists(TEMPORARY)) {
            return;
        }
        // What is said from here on is no longer of this run.
        Configurator.setRootLevel(Level.OFF);
        try {
            storage.write(run.sparkLog(), out -> Files.copy(TEMPORARY, out));
            Files.delete(TEMPORARY);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot move " + TEMPORARY + " to " + run.sparkLog(), e);
        }
    }
}
