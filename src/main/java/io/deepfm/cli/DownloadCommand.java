package io.deepfm.cli;

import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import picocli.CommandLine.Command;

/** Fetches and verifies the dataset's raw files. */
@Command(name = "download", description = "Fetches and verifies the dataset's raw files.")
final class DownloadCommand extends JobCommand {

    @Override
    void run(Session session, Console console) {
        new DataJob(session).download();
    }
}
