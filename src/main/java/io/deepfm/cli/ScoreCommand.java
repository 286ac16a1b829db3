package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.job.ScoreJob;
import io.deepfm.job.Session;
import picocli.CommandLine.Command;

/** Ranks the candidate lists with a trained model. */
@Command(
        name = "score",
        description =
                "Ranks the candidate lists with the run's model, which is trained first where there is none, or another.")
final class ScoreCommand extends CheckpointCommand {

    @Override
    void run(Session session, Console console) {
        ScoreJob.requireTest(session.config());
        new ScoreJob(session, trained(session)).score();
    }
}
