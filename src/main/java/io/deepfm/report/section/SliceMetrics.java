package io.deepfm.report.section;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import io.deepfm.report.facts.FieldValues;
import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Plot;
import io.deepfm.report.html.Plot.Bar;
import io.deepfm.report.html.Section;
import io.deepfm.report.statistics.HeldOutMetrics.Estimate;
import io.deepfm.report.statistics.HeldOutRow;
import io.deepfm.report.statistics.Slices;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** For whom and for what the model does well: by user activity, by item popularity, by each field's values. */
record SliceMetrics(RunFacts run) implements Section {

    @Override
    public String title() {
        return "Slices";
    }

    @Override
    public List<DomContent> content() {
        List<HeldOutRow> rows = counted();
        if (rows.isEmpty()) {
            return List.of();
        }
        List<DomContent> plots = new ArrayList<>();
        run.catalogue().ifPresent(train -> {
            plots.add(plot(
                    "user activity", "training interactions of the user", Slices.byNumber(rows, row -> train.activity()
                            .getOrDefault(row.user(), 0L))));
            plots.add(plot(
                    "item popularity",
                    "training interactions of the held-out item",
                    Slices.byNumber(rows, row -> train.interactions()[row.item()])));
        });
        Set<HeldOutRow> wanted = new HashSet<>(rows);
        int[] places = IntStream.range(0, run.heldOut().rows().size())
                .filter(row -> wanted.contains(run.heldOut().rows().get(row)))
                .toArray();
        for (FieldValues field : run.fields()) {
            List<List<String>> values =
                    IntStream.of(places).mapToObj(field.byRow()::get).toList();
            Map<String, List<HeldOutRow>> slices = Slices.byValue(rows, values, "all others");
            if (slices.size() > 1) {
                plots.add(plot(field.field(), "value", slices));
            }
        }
        return plots.isEmpty()
                ? List.of()
                : List.of(p(words()), div().withClass("plots").with(plots));
    }

    /** The rows that the metric is about. */
    private List<HeldOutRow> counted() {
        return run.isRanking() ? run.heldOut().ranked() : run.heldOut().rows();
    }

    private String metric() {
        return run.isRanking() ? "HR@" + Cutoff.of(run.results().testMetrics()) : "auc_heldout";
    }

    private String second() {
        return run.isRanking() ? "NDCG@" + Cutoff.of(run.results().testMetrics()) : "logloss_heldout";
    }

    private String words() {
        return metric() + " in parts of the " + (run.isRanking() ? "ranked lists" : "held-out rows")
                + ", with intervals of 95 % from a bootstrap over "
                + (run.heldOut().hasUsers() ? "users" : "rows")
                + ". About one interval in twenty misses the true value by chance. A field shows its "
                + Slices.MOST_SLICES + " most frequent values with at least " + Slices.LEAST_ROWS
                + " rows; fields without two such slices are left out.";
    }

    private DomContent plot(String by, String what, Map<String, List<HeldOutRow>> slices) {
        List<Bar> bars = new ArrayList<>();
        slices.forEach((name, rows) -> {
            Map<String, Estimate> estimates = run.heldOut().of(rows).estimates(List.of(metric(), second()));
            Estimate shown = estimates.get(metric());
            Estimate other = estimates.get(second());
            bars.add(new Bar(
                    name,
                    shown.value(),
                    shown.interval(),
                    List.of(
                            Numbers.metric(other.value()),
                            Numbers.interval(other.interval()),
                            Numbers.count(rows.size()))));
        });
        return Plot.bars(
                metric() + " by " + by,
                "By " + what + "; whiskers are the intervals. "
                        + rowsWords(
                                slices.values().stream().mapToLong(List::size).toArray()),
                by,
                metric(),
                List.of(second(), second() + ", 95 % interval", "rows"),
                bars);
    }

    private static String rowsWords(long[] sizes) {
        long least = Arrays.stream(sizes).min().orElse(0);
        long most = Arrays.stream(sizes).max().orElse(0);
        return "Slices have "
                + (least == most ? Numbers.count(least) : Numbers.count(least) + " to " + Numbers.count(most))
                + " rows.";
    }
}
