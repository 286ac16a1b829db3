package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import picocli.CommandLine.Command;

/** Splits interactions into train, validation and test. */
@Command(name = "split", description = "Splits interactions into train, validation and test.")
final class SplitCommand extends JobCommand {

    @Override
    void run(Session session, Console console) {
        new DataJob(session).split();
    }
}
