package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.cli.console.SparkLog;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.Session;
import io.deepfm.report.RunDirectory;
import java.util.List;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** What all commands share that work in one session. */
abstract class JobCommand extends ConfiguredCommand {

    @Option(
            names = "--force",
            description = "Do the command's own work again even if it is up to date; pipeline: all stages.")
    private boolean force;

    private Console console;

    @Override
    final void run(ExperimentConfig settings) {
        // First, as Spark already speaks while it starts.
        SparkLog.redirect(isVerbose());
        Session session =
                new Session(name(), settings, access(), master(), stage -> force && forces(stage), (storage, log) -> {
                    log.map(Path::getParent)
                            .ifPresent(run -> SparkLog.moveTo(new RunDirectory(run), storage, isVerbose()));
                    console = new Console(title(), storage, log);
                    return console;
                });
        try (session) {
            run(session, console);
        } finally {
            if (access() != Session.Access.READ) {
                SparkLog.end(session.run(), session.storage());
            }
        }
    }

    @Override
    final List<String> kept() {
        return console == null ? List.of() : console.kept();
    }

    /** What the command does with the run's folder and the work directory. */
    Session.Access access() {
        return Session.Access.WRITE;
    }

    /** Whether a stage is the command's own, and not one that it needs first. */
    boolean forces(String stage) {
        return stage.equals(name());
    }

    /** Does the command's work. */
    abstract void run(Session session, Console console);

    final boolean isForced() {
        return force;
    }
}
