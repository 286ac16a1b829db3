package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import io.deepfm.storage.Storage;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;

/** Fetches and verifies the dataset's raw files. */
@Command(name = "download", description = "Downloads and verifies the raw files of the dataset.")
final class DownloadCommand extends JobCommand {

    @Override
    void run(Session session, Console console) {
        Path folder =
                session.storage().qualified(new Path(session.config().data().dataDir()));
        // Not even if forced: what lies there besides may be somebody's only copy.
        if (session.storage().exists(folder)) {
            console.onDetail("data.data_dir = " + Storage.display(folder)
                    + " is there already, so nothing is downloaded. To download it again, delete it first.");
        } else {
            new DataJob(session).download();
        }
    }
}
