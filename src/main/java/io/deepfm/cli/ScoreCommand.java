package io.deepfm.cli;

import io.deepfm.job.DataJob;
import io.deepfm.job.ScoreJob;
import io.deepfm.job.Session;
import picocli.CommandLine.Command;

/** Ranks the candidate lists with a trained model. */
@Command(name = "score", description = "Ranks the candidate lists with a trained model.")
final class ScoreCommand extends CheckpointCommand {

    @Override
    void run(Session session, Console console) {
        new DataJob(session).candidates();
        new ScoreJob(session, model(session)).score();
    }
}
