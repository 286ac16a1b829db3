package io.deepfm.cli;

import picocli.CommandLine.Command;

/** Computes the metrics of the rankings; with a checkpoint, scores it first. */
@Command(
        name = "evaluate",
        description = "Computes the metrics of the rankings; with --checkpoint, ranks with that model first.")
final class EvaluateCommand extends CheckpointCommand {

    @Override
    void run(Session session) {
        if (isCheckpointGiven()) {
            new DataJob(session).candidates();
            new ScoreJob(session, model(session)).score();
        }
        new EvaluateJob(session, model(session)).evaluate();
    }
}
