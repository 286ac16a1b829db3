package io.deepfm.cli.console;

import io.deepfm.config.redaction.Redaction;
import io.deepfm.report.RunDirectory;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    private SparkLog() {}

    /**
     * Sends the log to the temporary folder.
     *
     * @param verbose to standard error instead
     */
    public static void redirect(boolean verbose) {
        try {
            // Of an earlier process with this one's number.
            Files.deleteIfExists(temporary());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + temporary(), e);
        }
        redirect(temporary(), verbose);
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
            if (Files.exists(temporary())) {
                Files.move(temporary(), file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot move " + temporary() + " to " + file, e);
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
        Path file = temporary();
        if (storage.isLocal(run.root()) || !Files.exists(file)) {
            return;
        }
        // What is said from here on is no longer of this run.
        Configurator.setRootLevel(Level.OFF);
        try {
            storage.write(run.sparkLog(), out -> Files.copy(file, out));
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot move " + file + " to " + run.sparkLog(), e);
        }
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("deepfm-spark-" + ProcessHandle.current().pid() + ".log");
    }
}
