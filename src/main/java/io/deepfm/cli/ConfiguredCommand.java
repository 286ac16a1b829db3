package io.deepfm.cli;

import io.deepfm.cli.stop.Stopped;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.Configurations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FSError;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands share that have a configuration. */
abstract class ConfiguredCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The configuration file, such as conf/deepfm_movielens.conf.")
    private Path config;

    @Option(
            names = "--override",
            arity = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Settings that override the file's, such as training.batch_size=2048.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--master", paramLabel = "URL", description = "Spark's master, if spark-submit does not set one.")
    private String master;

    @Option(names = "--verbose", description = "Show stack traces and Spark's own log.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public final Integer call() {
        checkOptions();
        ExperimentConfig settings = settings(List.of());
        try {
            run(settings);
        } catch (FSError | VirtualMachineError e) {
            // A full disk on Hadoop's local file system, a full heap: picocli explains exceptions alone.
            throw new IllegalStateException(e);
        }
        return 0;
    }

    /** Refuses the command's own options before any work, where they make no sense. */
    void checkOptions() {}

    /** Does the command's work. */
    abstract void run(ExperimentConfig settings);

    /** What to say if the command is stopped. */
    final Stopped stopped() {
        return new Stopped(
                kept(),
                spec.root().commandLine().getParseResult().originalArgs(),
                Optional.ofNullable(System.getenv(Stopped.SUBMITTED)).orElse(""),
                resumes());
    }

    /** What a stopped command need not do again. */
    List<String> kept() {
        return List.of();
    }

    /** The option without which a training begins anew; none where it goes on anyway. */
    String resumes() {
        return "";
    }

    /** The settings, with further overrides over those of the command line. */
    final ExperimentConfig settings(List<String> more) {
        List<String> all = new ArrayList<>(overrides);
        all.addAll(more);
        return isConfigured() ? Configurations.load(config, all) : Configurations.defaults(all.toArray(String[]::new));
    }

    /** Whether there is a configuration file: commands that need one have the option as required. */
    final boolean isConfigured() {
        return config != null;
    }

    final String name() {
        return spec.name();
    }

    /** The first line of the console. */
    final String title() {
        return "deepfm " + name() + (isConfigured() ? "   " + config : "");
    }

    final Path config() {
        return config;
    }

    final List<String> overrides() {
        return List.copyOf(overrides);
    }

    final String master() {
        return master;
    }

    final boolean isVerbose() {
        return verbose;
    }
}
