package io.deepfm.cli;

import picocli.CommandLine.Command;

/** Fetches and verifies the dataset's raw files. */
@Command(name = "download", description = "Fetches and verifies the dataset's raw files.")
final class DownloadCommand extends JobCommand {

    @Override
    void run(Session session) {
        new DataJob(session).download();
    }
}
