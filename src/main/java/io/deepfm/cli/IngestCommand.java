package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import java.util.List;
import picocli.CommandLine.Command;

/** Reads and checks the raw files. */
@Command(name = "ingest", description = "Reads and checks the raw files.")
final class IngestCommand extends JobCommand {

    @Override
    boolean forces(String stage) {
        return List.of("check", "tables", "ingest").contains(stage);
    }

    @Override
    void run(Session session, Console console) {
        new DataJob(session).ingest();
    }
}
