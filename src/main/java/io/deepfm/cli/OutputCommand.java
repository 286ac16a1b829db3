package io.deepfm.cli;

import io.deepfm.config.ConfigException;
import io.deepfm.job.Session;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** A command that uses a trained model and leaves its output in a folder of its own. */
abstract class OutputCommand extends CheckpointCommand {

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "The folder to write; with --force, an earlier output there is replaced.")
    private String output;

    @Override
    final Session.Access access() {
        return Session.Access.READ;
    }

    @Override
    final void run(Session session, Console console) {
        Path folder = session.storage().qualified(new Path(output));
        refuseOther(session, folder);
        // Before the work, rather than after it.
        try {
            session.storage().makeWritable(folder.getParent());
        } catch (UncheckedIOException | DataException e) {
            throw new ConfigException(
                    "--output " + output + ": this folder is not writable. Choose another. (" + e.getMessage() + ")");
        }
        Path temporary = Storage.temporary(folder);
        try {
            write(session, temporary);
            session.storage().move(temporary, folder);
        } finally {
            session.storage().delete(temporary);
        }
        console.onDetail(folder.toUri().getPath());
    }

    /** Writes a fresh folder, which then takes the place of the output. */
    abstract void write(Session session, Path folder);

    /** What the folder is replaced by is no loss where a command like this one wrote it, and only there. */
    private void refuseOther(Session session, Path folder) {
        Storage storage = session.storage();
        if (!storage.exists(folder) || storage.list(folder).isEmpty()) {
            return;
        }
        if (!storage.exists(new Path(folder, "_SUCCESS"))) {
            throw new ConfigException("--output " + output
                    + ": the folder is not empty and is not the output of this command. Choose another folder.");
        }
        if (!isForced()) {
            throw new ConfigException("--output " + output + ": the output already exists. Choose another folder, or"
                    + " replace it with --force.");
        }
    }
}
