package io.deepfm.cli;

import picocli.CommandLine.Command;

/** Reads and checks the raw files. */
@Command(name = "ingest", description = "Reads and checks the raw files.")
final class IngestCommand extends JobCommand {

    @Override
    void run(Session session) {
        new DataJob(session).ingest();
    }
}
