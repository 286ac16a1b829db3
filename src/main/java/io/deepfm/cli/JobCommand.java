package io.deepfm.cli;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.Configurations;
import io.deepfm.job.JobListener;
import io.deepfm.job.Session;
import io.deepfm.storage.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FSError;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands share: the configuration and a session. */
abstract class JobCommand implements Callable<Integer> {

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

    @Option(
            names = "--force",
            description = "Do the command's own work again even if it is up to date; pipeline: all stages.")
    private boolean force;

    @Option(names = "--master", paramLabel = "URL", description = "Spark's master, if spark-submit does not set one.")
    private String master;

    @Option(names = "--verbose", description = "Show stack traces and Spark's own log.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    private Console console;

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

    private void run(ExperimentConfig settings) {
        boolean isRun = access() != Session.Access.READ;
        // First, as Spark already speaks while it starts.
        SparkLog.redirect(isRun ? Optional.of(settings.outputDir()) : Optional.empty(), verbose);
        Session session =
                new Session(spec.name(), settings, access(), master, stage -> force && forces(stage), this::listen);
        try (session) {
            run(session, console);
        } finally {
            if (isRun) {
                SparkLog.end(session.run(), session.storage());
            }
        }
    }

    private JobListener listen(Storage storage, Optional<org.apache.hadoop.fs.Path> log) {
        console = new Console("deepfm " + spec.name() + (isConfigured() ? "   " + config : ""), storage, log);
        return console;
    }

    /** Refuses the command's own options before any work, where they make no sense. */
    void checkOptions() {}

    /** What the command does with the run's folder and the work directory. */
    Session.Access access() {
        return Session.Access.WRITE;
    }

    /** Whether a stage is the command's own, and not one that it needs first. */
    boolean forces(String stage) {
        return stage.equals(spec.name());
    }

    /** Does the command's work. */
    abstract void run(Session session, Console console);

    final boolean isForced() {
        return force;
    }

    final boolean isVerbose() {
        return verbose;
    }
}
