package io.deepfm.report.section;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Plot;
import io.deepfm.report.html.Plot.Bar;
import io.deepfm.report.html.Section;
import io.deepfm.report.statistics.HeldOutRow;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where the held-out item stands among the candidates. */
record RankHistogram(RunFacts run) implements Section {

    @Override
    public String title() {
        return "Rank of the held-out item";
    }

    @Override
    public List<DomContent> content() {
        List<HeldOutRow> ranked = run.heldOut().ranked();
        if (!run.isRanking() || ranked.isEmpty()) {
            return List.of();
        }
        int[] ranks = ranked.stream().mapToInt(HeldOutRow::rank).sorted().toArray();
        int candidates = ranked.stream().mapToInt(HeldOutRow::candidates).max().orElse(1);
        return List.of(
                p(String.format(
                        Locale.ROOT,
                        "Half of the held-out items are at rank %,d or better, among at most %,d candidates.",
                        ranks[(ranks.length - 1) / 2],
                        candidates)),
                div(Plot.bars(
                                "Ranked lists by the rank of their held-out item",
                                "Each bar is a range of ranks, the ranges growing with the rank; rank 1 is the best.",
                                "Rank",
                                "lists",
                                List.of("share"),
                                bars(ranks, candidates)))
                        .withClass("plots"));
    }

    /** Ranges that end at 1, 2, 5, 10, 20, 50 ... */
    static List<Bar> bars(int[] ranks, int candidates) {
        List<Bar> bars = new ArrayList<>();
        int[] factors = {1, 2, 5};
        int start = 1;
        for (int i = 0; start <= candidates; i++) {
            long edge = (long) (factors[i % 3] * Math.pow(10, i / 3));
            int low = start;
            int high = (int) Math.min(edge, candidates);
            long count = Arrays.stream(ranks)
                    .filter(rank -> rank >= low && rank <= high)
                    .count();
            bars.add(new Bar(
                    low == high ? Numbers.count(low) : Numbers.count(low) + "–" + Numbers.count(high),
                    count,
                    Optional.empty(),
                    List.of(Numbers.percent(count / (double) ranks.length))));
            start = high + 1;
        }
        return bars;
    }
}
