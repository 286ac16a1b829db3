package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.cli.console.MetricsReport;
import io.deepfm.job.EvaluateJob;
import io.deepfm.job.ScoreJob;
import io.deepfm.job.Session;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;

/** Computes the metrics of the rankings, which are made first. */
@Command(
        name = "evaluate",
        description = "Computes the metrics of the run's model or of another checkpoint, after what they need first.")
final class EvaluateCommand extends CheckpointCommand {

    @Override
    void run(Session session, Console console) {
        ScoreJob.requireTest(session.config());
        Path model = trained(session);
        new ScoreJob(session, model).score();
        MetricsReport.print(new EvaluateJob(session, model).evaluate(), session, console);
    }
}
