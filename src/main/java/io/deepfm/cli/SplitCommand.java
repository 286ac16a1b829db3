package io.deepfm.cli;

import picocli.CommandLine.Command;

/** Splits interactions into train, validation and test. */
@Command(name = "split", description = "Splits interactions into train, validation and test.")
final class SplitCommand extends JobCommand {

    @Override
    void run(Session session) {
        new DataJob(session).split();
    }
}
