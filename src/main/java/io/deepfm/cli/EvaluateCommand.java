package io.deepfm.cli;

import io.deepfm.job.DataJob;
import io.deepfm.job.EvaluateJob;
import io.deepfm.job.ScoreJob;
import io.deepfm.job.Session;
import picocli.CommandLine.Command;

/** Computes the metrics of the rankings; with a checkpoint, scores it first. */
@Command(
        name = "evaluate",
        description = "Computes metrics from the rankings; with --checkpoint, scores with that model first.")
final class EvaluateCommand extends CheckpointCommand {

    @Override
    void run(Session session, Console console) {
        if (isCheckpointGiven()) {
            new DataJob(session).candidates();
            new ScoreJob(session, model(session)).score();
        }
        MetricsReport.print(new EvaluateJob(session, model(session)).evaluate(), session, console);
    }
}
