package io.deepfm.comparison;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import io.deepfm.comparison.HeldOutRanks.Ranked;
import io.deepfm.report.MetricsTable;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Page;
import io.deepfm.report.html.Plot;
import io.deepfm.report.html.Plot.Series;
import io.deepfm.report.html.Section;
import io.deepfm.report.html.Table;
import io.deepfm.report.statistics.Interval;
import io.deepfm.report.statistics.RankCurve;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A comparison as a page of HTML: metrics, differences user by user, curves over each other, settings. */
public final class ComparisonPage {

    /** A part of the page. */
    private record Part(String title, List<DomContent> content) implements Section {}

    private final Comparison comparison;

    private ComparisonPage(Comparison comparison) {
        this.comparison = comparison;
    }

    /**
     * Lays out the comparison.
     *
     * @param comparison the runs
     * @return the page
     */
    public static Page of(Comparison comparison) {
        ComparisonPage page = new ComparisonPage(comparison);
        List<String> names = comparison.setups().stream().map(Setup::name).toList();
        return new Page(
                String.join(", ", names),
                "Test metrics over the same candidate lists",
                List.of(
                        new Part("Metrics", page.metrics()),
                        new Part("Differences", page.differences()),
                        new Part("Hits by K", page.curves()),
                        new Part("Training", page.training()),
                        new Part("Settings that differ", page.settings())));
    }

    private List<DomContent> metrics() {
        List<String> columns = new ArrayList<>(List.of("Metric"));
        comparison
                .setups()
                .forEach(setup ->
                        columns.add(setup.name() + ", runs: " + setup.runs().size()));
        List<List<String>> rows = new ArrayList<>();
        for (String metric : MetricsTable.columns(
                        comparison.setups().get(0).metrics().keySet())
                .stream()
                .flatMap(List::stream)
                .toList()) {
            List<String> row = new ArrayList<>(List.of(metric));
            comparison
                    .setups()
                    .forEach(setup ->
                            row.add(ComparisonTable.text(setup.metrics().get(metric))
                                    + (comparison.isBest(setup, metric) ? " (best)" : "")));
            rows.add(row);
        }
        return List.of(
                p("Mean over the runs of a setup, ± the standard deviation over its seeds."),
                new Table("Test metrics", columns, rows).toHtml());
    }

    private List<DomContent> differences() {
        List<DomContent> content = new ArrayList<>();
        List<Setup> setups = comparison.setups();
        for (Setup setup : setups.subList(1, setups.size())) {
            List<List<String>> rows = new ArrayList<>();
            comparison
                    .differences(setup)
                    .forEach((metric, difference) -> rows.add(List.of(
                            metric,
                            Numbers.metric(difference.mean()),
                            Numbers.interval(Optional.of(new Interval(difference.low(), difference.high()))),
                            Numbers.metric(difference.probability()),
                            !difference.isSignificant() ? "" : difference.mean() > 0 ? "better" : "worse")));
            content.add(new Table(
                            setup.name() + " minus " + setups.get(0).name() + ", user by user",
                            List.of("Metric", "Mean", "95 % interval", "Probability by chance", "Verdict"),
                            rows)
                    .toHtml());
        }
        return content;
    }

    private List<DomContent> curves() {
        return List.of(div(
                        curve(
                                "HR@K",
                                "The share of ranked lists whose held-out item is among the first K.",
                                RankCurve::hits),
                        curve(
                                "NDCG@K",
                                "The mean of 1 / log2(1 + rank) where the held-out item is among the first K.",
                                RankCurve::gains))
                .withClass("plots"));
    }

    /** The mean over a setup's runs. */
    private DomContent curve(String name, String about, Function<RankCurve, double[]> metric) {
        List<Series> series = comparison.setups().stream()
                .map(setup -> new Series(
                        setup.name(),
                        mean(setup.runs().stream()
                                .map(run -> metric.apply(RankCurve.of(
                                        run.ranked().mapToInt(Ranked::rank).toArray())))
                                .toList())))
                .toList();
        return Plot.lines(name, about, "K", name, RankCurve.ks(), series, Optional.empty());
    }

    private static double[] mean(List<double[]> curves) {
        return IntStream.range(0, curves.get(0).length)
                .mapToDouble(i ->
                        curves.stream().mapToDouble(curve -> curve[i]).average().orElse(Double.NaN))
                .toArray();
    }

    private List<DomContent> training() {
        List<ComparedRun> runs = comparison.setups().stream()
                .flatMap(setup -> setup.runs().stream())
                .filter(run -> !run.epochs().isEmpty())
                .toList();
        int longest = runs.stream().mapToInt(run -> run.epochs().size()).max().orElse(0);
        if (longest == 0) {
            return List.of();
        }
        String monitored = String.valueOf(comparison.setups().get(0).settings().get("training.metric"));
        // A weighted sum has no column of its own.
        String metric = Stream.of(monitored, "NDCG@10", "auc", "logloss")
                .filter(name ->
                        runs.stream().allMatch(run -> run.epochs().get(0).containsKey("val_" + name)))
                .findFirst()
                .orElse(monitored);
        double[] epochs = IntStream.rangeClosed(1, longest).asDoubleStream().toArray();
        return List.of(div(
                        training("Validation " + metric, metric, "val_" + metric, epochs, runs),
                        training("Training loss", "loss", "train_loss", epochs, runs))
                .withClass("plots"));
    }

    private static DomContent training(
            String title, String what, String column, double[] epochs, List<ComparedRun> runs) {
        List<Series> series = runs.stream()
                .map(run -> new Series(
                        run.name(),
                        Arrays.stream(epochs)
                                .map(epoch -> epoch > run.epochs().size()
                                        ? Double.NaN
                                        : run.epochs().get((int) epoch - 1).getOrDefault(column, Double.NaN))
                                .toArray()))
                .toList();
        return Plot.lines(title, "After each epoch of each run.", "epoch", what, epochs, series, Optional.empty());
    }

    private List<DomContent> settings() {
        Map<String, List<Object>> differing = comparison.differingSettings();
        if (differing.isEmpty()) {
            return List.of();
        }
        List<String> columns = new ArrayList<>(List.of("Setting"));
        comparison.setups().forEach(setup -> columns.add(setup.name()));
        List<List<String>> rows = new ArrayList<>();
        differing.forEach((key, values) -> {
            List<String> row = new ArrayList<>(List.of(key));
            values.forEach(value -> row.add(value == null ? "not set" : String.valueOf(value)));
            rows.add(row);
        });
        return List.of(new Table("Settings that are not the same in all setups", columns, rows).toHtml());
    }
}
