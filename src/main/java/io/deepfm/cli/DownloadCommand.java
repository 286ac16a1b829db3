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
        if (session.storage().exists(folder) && !isForced()) {
            console.onDetail("data.data_dir = " + Storage.display(folder)
                    + " is there already, so nothing is downloaded. To replace it, add --force.");
        } else {
            new DataJob(session).download();
        }
    }
}
