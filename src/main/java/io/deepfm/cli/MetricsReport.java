package io.deepfm.cli;

import io.deepfm.job.Session;
import io.deepfm.report.MetricsTable;
import io.deepfm.report.Results;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a person sees of a run's results: the test metrics beside those of the baselines. */
final class MetricsReport {

    private MetricsReport() {}

    static void print(Results results, Session session, Console console) {
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        rows.put(session.config().modelName(), results.testMetrics());
        rows.putAll(results.baselines());
        console.line("");
        console.line("  Test metrics" + (rows.size() == 1 ? "" : ", " + negatives(session)));
        console.line("");
        MetricsTable.of(rows).forEach(line -> console.line("  " + line));
        console.line("");
        console.line("  " + session.run().results());
    }

    private static String negatives(Session session) {
        return session.dataset().candidates().isPresent()
                ? "the dataset's own candidate lists"
                : session.config().data().numNegEval().replace("all", "all unseen items as") + " negatives per user";
    }
}
