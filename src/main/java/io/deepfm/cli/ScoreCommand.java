package io.deepfm.cli;

import picocli.CommandLine.Command;

/** Ranks the candidate lists with a trained model. */
@Command(name = "score", description = "Ranks the candidate lists with a trained model.")
final class ScoreCommand extends CheckpointCommand {

    @Override
    void run(Session session) {
        new DataJob(session).candidates();
        new ScoreJob(session, model(session)).score();
    }
}
