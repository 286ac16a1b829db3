package io.deepfm.cli;

import io.deepfm.job.Session;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** A command that uses a trained model. */
abstract class CheckpointCommand extends JobCommand {

    @Option(names = "--checkpoint", paramLabel = "DIR", description = "The model's folder; default: output_dir/model.")
    private String checkpoint;

    final Path model(Session session) {
        return checkpoint == null ? session.model() : new Path(checkpoint);
    }

    final boolean isCheckpointGiven() {
        return checkpoint != null;
    }
}
