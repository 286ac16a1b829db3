package io.deepfm.cli.console;

import io.deepfm.config.redaction.Redaction;
import io.deepfm.report.RunDirectory;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.AppenderComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/**
 * Keeps the driver's log of Spark and other libraries out of the way: warnings and errors go to {@code spark.log} in the
 * run's folder. Where that is not on a local disk they go to the system's temporary folder first, and are moved at the
 * end.
 */
public final class SparkLog {

    private static final String PATTERN = "%d{HH:mm:ss} %p %c{1}: " + Redaction.logPattern("%m%n%ex");

    private SparkLog() {}

    /**
     * Sends the log to a file.
     *
     * @param outputDir the run's folder; nothing for a command that belongs to no run
     * @param verbose to standard error instead
     */
    public static void redirect(Optional<String> outputDir, boolean verbose) {
        redirect(outputDir.map(SparkLog::file).orElseGet(SparkLog::temporary), verbose);
    }

    private static void redirect(Path file, boolean verbose) {
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.setStatusLevel(Level.OFF);
        AppenderComponentBuilder appender = verbose
                ? builder.newAppender("log", "Console").addAttribute("target", "SYSTEM_ERR")
                : builder.newAppender("log", "File")
                        .addAttribute("fileName", file.toString())
                        .addAttribute("append", false)
                        // Made when there is something to say.
                        .addAttribute("createOnDemand", true);
        builder.add(appender.add(builder.newLayout("PatternLayout").addAttribute("pattern", PATTERN)));
        builder.add(builder.newRootLogger(Level.WARN).add(builder.newAppenderRef("log")));
        Configurator.reconfigure(builder.build());
    }

    /** Ends the log of a run: what lies in the temporary folder is moved to the run. */
    public static void end(RunDirectory run, Storage storage) {
        Path file = temporary();
        if (isLocal(run.root().toString()) || !Files.exists(file)) {
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

    private static Path file(String outputDir) {
        return isLocal(outputDir)
                ? Path.of(outputDir.replaceFirst("^file:(//)?", "")).resolve("spark.log")
                : temporary();
    }

    private static boolean isLocal(String outputDir) {
        return !outputDir.contains(":") || outputDir.startsWith("file:");
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("deepfm-spark-" + ProcessHandle.current().pid() + ".log");
    }
}
