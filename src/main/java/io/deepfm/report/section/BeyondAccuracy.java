package io.deepfm.report.section;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import io.deepfm.report.facts.Catalogue;
import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Plot;
import io.deepfm.report.html.Plot.Series;
import io.deepfm.report.html.Section;
import io.deepfm.report.html.Table;
import io.deepfm.report.statistics.Concentration;
import io.deepfm.report.statistics.Popularity;
import j2html.tags.DomContent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What is recommended, right or wrong: how much of the catalogue, how evenly, how well known. */
record BeyondAccuracy(RunFacts run) implements Section {

    private static final int POINTS = 50;

    @Override
    public String title() {
        return "Beyond accuracy";
    }

    @Override
    public List<DomContent> content() {
        if (!run.isRanking() || run.catalogue().isEmpty()) {
            return List.of();
        }
        Catalogue train = run.catalogue().get();
        long[] interactions = Arrays.stream(train.interactions()).asLongStream().toArray();
        long[] shown = shown(interactions.length);
        long[] heldOut = new long[interactions.length];
        run.heldOut().ranked().forEach(row -> heldOut[row.item()]++);
        return List.of(
                p(
                        "What stands among the first ten of each candidate list, beside the training interactions and the held-out"
                                + " items. What is in no candidate list cannot be among the first ten."),
                table(new Popularity(train.interactions()), shown, interactions, heldOut)
                        .toHtml(),
                div(lorenz(shown, interactions)).withClass("plots"));
    }

    /** How often each item is among the first ten of a list. */
    private long[] shown(int items) {
        long[] shown = new long[items];
        run.heldOut().rows().forEach(row -> row.first().forEach(item -> shown[item]++));
        return shown;
    }

    private static Table table(Popularity popularity, long[] shown, long[] train, long[] heldOut) {
        return new Table(
                "The first ten, train and the held-out items",
                List.of("What", "Coverage", "Gini", "Novelty (bits)", "Mean popularity"),
                List.of(
                        row("First ten", popularity, shown),
                        row("Train", popularity, train),
                        row("Held out", popularity, heldOut)));
    }

    private static List<String> row(String what, Popularity popularity, long[] times) {
        Concentration concentration = Concentration.of(times);
        return List.of(
                what,
                Numbers.percent(concentration.coverage()),
                Numbers.metric(concentration.gini()),
                Numbers.plain(popularity.novelty(times)),
                Numbers.plain(popularity.mean(times)));
    }

    private static DomContent lorenz(long[] shown, long[] train) {
        double[] x = IntStream.rangeClosed(0, POINTS)
                .mapToDouble(point -> point / (double) POINTS)
                .toArray();
        return Plot.lines(
                "How evenly items are shown",
                "The share of all places among the first ten, and of all training interactions, that the least shown items have"
                        + " together (Lorenz curve). On the diagonal all items have as much; the further below it, the higher"
                        + " the Gini coefficient.",
                "share of items",
                "share of all",
                x,
                List.of(
                        new Series("first ten", Concentration.of(shown).lorenz(POINTS)),
                        new Series("train", Concentration.of(train).lorenz(POINTS)),
                        new Series("equal", x)),
                Optional.empty());
    }
}
