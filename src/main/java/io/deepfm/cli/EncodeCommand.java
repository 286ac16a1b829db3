package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import picocli.CommandLine.Command;

/** Fits the encoders on train and encodes users, items and interactions. */
@Command(name = "encode", description = "Fits the encoders on train and encodes users, items and interactions.")
final class EncodeCommand extends JobCommand {

    @Override
    void run(Session session, Console console) {
        new DataJob(session).encode();
    }
}
