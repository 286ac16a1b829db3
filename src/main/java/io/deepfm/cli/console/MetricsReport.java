package io.deepfm.cli.console;

import io.deepfm.job.Session;
import io.deepfm.report.BaselineResult;
import io.deepfm.report.MetricsTable;
import io.deepfm.report.Results;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a person sees of a run's results: the test metrics beside those of the baselines. */
public final class MetricsReport {

    private MetricsReport() {}

    public static void print(Results results, Session session, Console console) {
        Map<String, Map<String, Double>> model = Map.of(session.config().modelName(), results.testMetrics());
        print("Test", model, results.baselines(), BaselineResult::testMetrics, session, console);
        console.line("  " + session.run().report());
        console.line("  " + session.run().results());
        results.warnings().forEach(warning -> console.line("  warning: " + warning));
    }

    /** The metrics of one split, and why a baseline is not among them. */
    public static void print(
            String split,
            Map<String, Map<String, Double>> model,
            Map<String, BaselineResult> baselines,
            Function<BaselineResult, Map<String, Double>> metrics,
            Session session,
            Console console) {
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>(model);
        baselines.forEach((name, result) -> {
            if (result.absent() == null) {
                rows.put(name, metrics.apply(result));
            }
        });
        console.line("");
        console.line(
                "  " + split + " metrics" + (!session.dataset().hasUsersAndItems() ? "" : ", " + negatives(session)));
        console.line("");
        if (!rows.isEmpty()) {
            MetricsTable.of(rows).forEach(line -> console.line("  " + line));
        }
        baselines.forEach((name, result) -> {
            if (result.absent() != null) {
                console.line("  " + name + ": absent, as " + result.absent() + ".");
            }
        });
        console.line("");
    }

    private static String negatives(Session session) {
        return session.dataset().candidates().isPresent()
                ? "the dataset's own candidate lists"
                : session.config().data().numNegEval().replace("all", "all unseen items as") + " negatives per user";
    }

    /** Settings as a configuration has them. */
    public static String text(Map<String, Object> settings) {
        return settings.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
