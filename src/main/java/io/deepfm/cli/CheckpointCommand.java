package io.deepfm.cli;

import io.deepfm.cli.option.PathText;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import io.deepfm.job.TrainJob;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** A command that uses a trained model. */
abstract class CheckpointCommand extends JobCommand {

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            converter = PathText.class,
            description = "The model's folder; default: output_dir/model.")
    private String checkpoint;

    final boolean isCheckpointGiven() {
        return checkpoint != null;
    }

    final Path model(Session session) {
        return checkpoint == null ? session.model() : new Path(checkpoint);
    }

    /** The model's folder, after the candidate lists; where no model is given and the run has none yet, one is trained. */
    final Path trained(Session session) {
        new DataJob(session).candidates();
        if (checkpoint == null && !session.isTrained()) {
            new TrainJob(session, true, Optional.empty()).train();
        }
        return model(session);
    }
}
