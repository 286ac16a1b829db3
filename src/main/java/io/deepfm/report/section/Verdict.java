package io.deepfm.report.section;

import static j2html.TagCreator.p;
import static j2html.TagCreator.strong;

import io.deepfm.report.BaselineResult;
import io.deepfm.report.MetricsTable;
import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Section;
import io.deepfm.report.html.Table;
import io.deepfm.report.statistics.HeldOutMetrics.Estimate;
import io.deepfm.report.statistics.Interval;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How good the model is, first in words, then in numbers beside the baselines. */
record Verdict(RunFacts run) implements Section {

    @Override
    public String title() {
        return "Verdict";
    }

    @Override
    public List<DomContent> content() {
        Map<String, Double> test = run.results().testMetrics();
        Map<String, Estimate> estimates = run.heldOut().estimates(names(test));
        List<DomContent> content = new ArrayList<>();
        content.add(p(strong(run.isRanking() ? ofRanking(test, estimates) : ofRows(test, estimates)))
                .withClass("lead"));
        run.results()
                .warnings()
                .forEach(warning -> content.add(p("Warning: " + warning).withClass("warning")));
        content.add(p(howMeasured()));
        content.add(table(test, estimates).toHtml());
        run.results().baselines().forEach((name, result) -> {
            if (result.absent() != null) {
                content.add(p(name + " is absent, as " + result.absent() + ".").withClass("quiet"));
            }
        });
        return content;
    }

    private static List<String> names(Map<String, Double> test) {
        return MetricsTable.columns(test.keySet()).stream()
                .flatMap(List::stream)
                .toList();
    }

    private String ofRanking(Map<String, Double> test, Map<String, Estimate> estimates) {
        String name = "HR@" + Cutoff.of(test);
        String found = String.format(
                Locale.ROOT,
                "%s ranks the held-out item among the first %d for %s of %s%s.",
                run.model(),
                Cutoff.of(test),
                Numbers.percent(test.getOrDefault(name, Double.NaN)),
                ranked(test),
                interval(estimates.get(name))
                        .map(ends -> String.format(
                                Locale.ROOT, " (95 %% interval %.1f to %.1f %%)", 100 * ends.low(), 100 * ends.high()))
                        .orElse(""));
        return found
                + best(name, Comparator.naturalOrder())
                        .map(best -> String.format(
                                Locale.ROOT,
                                " The best baseline, %s, reaches %s, %s.",
                                best.getKey(),
                                Numbers.percent(best.getValue()),
                                place(best.getValue(), interval(estimates.get(name)), true)))
                        .orElse("");
    }

    private static String ranked(Map<String, Double> test) {
        double users = test.getOrDefault("users_ranked", 0.0);
        double lists = test.getOrDefault("lists_ranked", users);
        return (lists == users ? "" : Numbers.count(Math.round(lists)) + " lists of ")
                + Numbers.count(Math.round(users)) + " users";
    }

    private String ofRows(Map<String, Double> test, Map<String, Estimate> estimates) {
        String found = String.format(
                Locale.ROOT,
                "%s tells label 1 from label 0 with an AUC of %s on %s held-out rows, and its log loss is %s%s.",
                run.model(),
                Numbers.metric(test.get("auc_heldout")),
                Numbers.count(run.heldOutRows()),
                Numbers.metric(test.get("logloss_heldout")),
                interval(estimates.get("logloss_heldout"))
                        .map(ends -> " (95 % interval " + Numbers.interval(Optional.of(ends)) + ")")
                        .orElse(""));
        return found
                + best("logloss_heldout", Comparator.reverseOrder())
                        .map(best -> String.format(
                                Locale.ROOT,
                                " The best baseline, %s, has a log loss of %s, %s.",
                                best.getKey(),
                                Numbers.metric(best.getValue()),
                                place(best.getValue(), interval(estimates.get("logloss_heldout")), false)))
                        .orElse("");
    }

    private static Optional<Interval> interval(Estimate estimate) {
        return Optional.ofNullable(estimate).flatMap(Estimate::interval);
    }

    private static String place(double value, Optional<Interval> interval, boolean higherIsBetter) {
        if (interval.isEmpty()) {
            return "which stands beside it";
        }
        if (interval.get().contains(value)) {
            return "which lies within that interval: the two are not told apart";
        }
        return (value < interval.get().low()) == higherIsBetter
                ? "which the whole interval beats"
                : "which is better than the whole interval";
    }

    private Optional<Map.Entry<String, Double>> best(String metric, Comparator<Double> better) {
        return run.results().baselines().entrySet().stream()
                .map(one -> Map.entry(one.getKey(), one.getValue().testMetrics().getOrDefault(metric, Double.NaN)))
                .filter(one -> !one.getValue().isNaN())
                .max(Map.Entry.comparingByValue(better));
    }

    private String howMeasured() {
        String sample = run.isSampled()
                ? String.format(
                        Locale.ROOT,
                        " Metrics are over all %,d held-out rows; intervals, and all plots of held-out rows below, are over %,d"
                                + " of them, %s.",
                        run.heldOutRows(),
                        run.heldOut().rows().size(),
                        run.heldOut().hasUsers() ? "those of a sample of the users" : "a sample")
                : "";
        return "Test metrics of the best epoch's weights. The intervals hold 95 % of a bootstrap over "
                + (run.heldOut().hasUsers() ? "users" : "rows")
                + ": they say how far other "
                + (run.heldOut().hasUsers() ? "users" : "rows")
                + " would change a metric, and nothing of other seeds."
                + sample;
    }

    private Table table(Map<String, Double> test, Map<String, Estimate> estimates) {
        List<String> columns = new ArrayList<>(List.of("Metric", run.model(), "95 % interval"));
        List<BaselineResult> baselines = new ArrayList<>();
        run.results().baselines().forEach((name, result) -> {
            if (result.absent() == null) {
                columns.add(name);
                baselines.add(result);
            }
        });
        List<List<String>> rows = new ArrayList<>();
        for (String name : names(test)) {
            List<String> row = new ArrayList<>(List.of(name, Numbers.metric(test.get(name))));
            row.add(Numbers.interval(interval(estimates.get(name))));
            baselines.forEach(one -> row.add(Numbers.metric(one.testMetrics().get(name))));
            rows.add(row);
        }
        return new Table("Test metrics of the model and the baselines", columns, rows);
    }
}
