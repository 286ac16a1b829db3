package io.deepfm.tuning;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import io.deepfm.config.space.SearchSpace;
import io.deepfm.config.space.SearchSpace.Setting;
import io.deepfm.metrics.MonitoredMetric;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Page;
import io.deepfm.report.html.ParallelCoordinates;
import io.deepfm.report.html.ParallelCoordinates.Axis;
import io.deepfm.report.html.Plot;
import io.deepfm.report.html.Plot.Bar;
import io.deepfm.report.html.Plot.Series;
import io.deepfm.report.html.Section;
import io.deepfm.report.html.Table;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The content of {@code tune.html}.
 *
 * @param space what varied
 * @param metric by which the best was chosen
 * @param rung after how many epochs all trials are compared
 * @param trials those with a value, in the order in which they were drawn
 * @param best the chosen one
 * @param about what was found, in a sentence
 */
record SearchPage(
        SearchSpace space, MonitoredMetric metric, int rung, List<Outcome> trials, Outcome best, String about) {

    /** Values of a range fall into so many groups of one size. */
    private static final int GROUPS = 4;

    private record Part(String title, List<DomContent> content) implements Section {}

    Page page() {
        return new Page("Search for better settings", about, List.of(progress(), importance(), coordinates()));
    }

    private Section progress() {
        double[] x = IntStream.rangeClosed(1, trials.size()).asDoubleStream().toArray();
        double[] values = new double[x.length];
        double[] bests = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            values[i] = value(trials.get(i));
            double before = i == 0 ? Double.NaN : bests[i - 1];
            bests[i] = metric.improves(values[i], before) ? values[i] : before;
        }
        return new Part(
                "Trials",
                List.of(
                        p("Validation " + metric.name() + " of the best epoch up to epoch " + rung
                                + ", which all trials have, also those that did not train on."),
                        div().withClass("plots")
                                .with(Plot.lines(
                                        "Best so far",
                                        "Where the upper line is flat, more trials brought nothing.",
                                        "trial",
                                        metric.name(),
                                        x,
                                        List.of(new Series("best so far", bests), new Series("trial", values)),
                                        Optional.empty()))));
    }

    private Section importance() {
        List<Bar> bars = space.settings().stream()
                .map(setting -> new Bar(setting.key(), importance(setting), Optional.empty(), List.of()))
                .sorted(Comparator.comparingDouble(Bar::value).reversed())
                .toList();
        return new Part(
                "Which settings mattered",
                List.of(
                        p(
                                "The share of the differences between trials that one setting alone explains: of lists by value, of"
                                        + " ranges by quarter. Few trials tell little, and nothing of settings that matter only"
                                        + " together."),
                        div().withClass("plots")
                                .with(Plot.bars(
                                        "Importance",
                                        "0: the values did not matter; 1: nothing else did.",
                                        "setting",
                                        "share",
                                        List.of(),
                                        bars))));
    }

    private double importance(Setting setting) {
        List<Outcome> having = trials.stream()
                .filter(trial -> trial.trial().settings().containsKey(setting.key()))
                .toList();
        double[] sorted = having.stream()
                .mapToDouble(trial -> setting.values().share(text(trial, setting)))
                .sorted()
                .toArray();
        List<String> groups = having.stream()
                .map(trial -> {
                    double share = setting.values().share(text(trial, setting));
                    long below = IntStream.range(0, sorted.length)
                            .filter(i -> sorted[i] < share)
                            .count();
                    return setting.values().isListed() ? text(trial, setting) : "" + below * GROUPS / sorted.length;
                })
                .toList();
        return Importance.of(groups, having.stream().map(this::value).toList());
    }

    private Section coordinates() {
        List<Outcome> ranked = trials.stream()
                .sorted(Comparator.comparingDouble(trial -> metric.higherIsBetter() ? value(trial) : -value(trial)))
                .toList();
        double low = ranked.stream().mapToDouble(this::value).min().orElse(0);
        double high = ranked.stream().mapToDouble(this::value).max().orElse(1);
        List<Axis> axes = new ArrayList<>();
        space.settings()
                .forEach(setting -> axes.add(new Axis(
                        setting.key(), setting.values().low(), setting.values().high())));
        axes.add(new Axis(metric.name(), Numbers.metric(low), Numbers.metric(high)));
        List<Outcome> drawn = new ArrayList<>(ranked);
        drawn.remove(best);
        drawn.add(best);
        List<double[]> lines =
                drawn.stream().map(trial -> line(trial, low, high)).toList();
        List<String> columns = new ArrayList<>(List.of("trial", metric.name()));
        space.settings().forEach(setting -> columns.add(setting.key()));
        List<List<String>> rows = new ArrayList<>();
        for (int i = ranked.size() - 1; i >= 0; i--) {
            rows.add(row(ranked.get(i)));
        }
        return new Part(
                "Settings and values",
                List.of(div().withClass("plots")
                        .with(new ParallelCoordinates(
                                        "Parallel coordinates",
                                        "A line is a trial, the coloured one the chosen one.",
                                        axes,
                                        lines,
                                        new Table("Trials, the best first", columns, rows))
                                .toHtml())));
    }

    private double[] line(Outcome trial, double low, double high) {
        double[] shares = new double[space.settings().size() + 1];
        for (int i = 0; i < space.settings().size(); i++) {
            String text = text(trial, space.settings().get(i));
            shares[i] =
                    text == null ? Double.NaN : space.settings().get(i).values().share(text);
        }
        shares[shares.length - 1] = high > low ? (value(trial) - low) / (high - low) : 1;
        return shares;
    }

    private List<String> row(Outcome trial) {
        List<String> row = new ArrayList<>(List.of(trial.trial().name(), Numbers.metric(value(trial))));
        space.settings()
                .forEach(setting -> row.add(trial.trial().settings().getOrDefault(setting.key(), Numbers.NONE)));
        return row;
    }

    private static String text(Outcome trial, Setting setting) {
        return trial.trial().settings().get(setting.key());
    }

    private double value(Outcome trial) {
        return trial.after(rung, metric);
    }
}
