package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.cli.console.MetricsReport;
import io.deepfm.job.DataJob;
import io.deepfm.job.EvaluateJob;
import io.deepfm.job.ScoreJob;
import io.deepfm.job.Session;
import io.deepfm.job.TrainJob;
import java.util.Optional;
import picocli.CommandLine.Command;

/** All stages, from raw files to metrics; resumes an earlier run with the same settings. */
@Command(name = "pipeline", description = "Runs all stages, from raw files to metrics.")
final class PipelineCommand extends JobCommand {

    @Override
    Session.Access access() {
        return Session.Access.REPLACE;
    }

    @Override
    boolean forces(String stage) {
        return true;
    }

    @Override
    void run(Session session, Console console) {
        ScoreJob.requireTest(session.config());
        new DataJob(session).candidates();
        new TrainJob(session, true, Optional.empty()).train();
        new ScoreJob(session, session.model()).score();
        MetricsReport.print(new EvaluateJob(session, session.model()).evaluate(), session, console);
    }
}
