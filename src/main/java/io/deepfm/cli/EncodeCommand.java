package io.deepfm.cli;

import picocli.CommandLine.Command;

/** Fits the encoders on train and encodes users, items and interactions. */
@Command(name = "encode", description = "Fits the encoders on train and encodes users, items and interactions.")
final class EncodeCommand extends JobCommand {

    @Override
    void run(Session session) {
        new DataJob(session).encode();
    }
}
