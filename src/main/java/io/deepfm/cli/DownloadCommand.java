package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import picocli.CommandLine.Command;

/** Fetches and verifies the dataset's raw files. */
@Command(name = "download", description = "Downloads and verifies the raw files of the dataset.")
final class DownloadCommand extends JobCommand {

    @Override
    void run(Session session, Console console) {
        new DataJob(session).download();
    }
}
