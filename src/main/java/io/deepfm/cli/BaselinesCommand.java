package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.cli.console.MetricsReport;
import io.deepfm.job.BaselineJob;
import io.deepfm.job.DataJob;
import io.deepfm.job.ScoreJob;
import io.deepfm.job.Session;
import io.deepfm.report.BaselineResult;
import java.util.Map;
import picocli.CommandLine.Command;

/** Measures the baselines on the candidate lists, without a model. */
@Command(
        name = "baselines",
        description = "Prints the validation and test metrics of the baselines; needs no model and leaves no run.")
final class BaselinesCommand extends JobCommand {

    @Override
    Session.Access access() {
        return Session.Access.READ;
    }

    @Override
    void run(Session session, Console console) {
        ScoreJob.requireTest(session.config());
        new DataJob(session).candidates();
        Map<String, BaselineResult> results = new BaselineJob(session).measure();
        MetricsReport.print("Validation", Map.of(), results, BaselineResult::valMetrics, session, console);
        MetricsReport.print("Test", Map.of(), results, BaselineResult::testMetrics, session, console);
        results.forEach((name, result) -> {
            if (!result.settings().isEmpty()) {
                console.line("  " + name + ": " + MetricsReport.text(result.settings()));
            }
        });
    }
}
