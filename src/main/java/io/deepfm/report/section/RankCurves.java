package io.deepfm.report.section;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.Plot;
import io.deepfm.report.html.Plot.Series;
import io.deepfm.report.html.Section;
import io.deepfm.report.statistics.HeldOutRow;
import io.deepfm.report.statistics.RankCurve;
import j2html.tags.DomContent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** HR@K and NDCG@K for every K up to 100, beside the baselines. */
record RankCurves(RunFacts run) implements Section {

    @Override
    public String title() {
        return "Hits by K";
    }

    @Override
    public List<DomContent> content() {
        if (!run.isRanking()) {
            return List.of();
        }
        return List.of(
                p("How often the held-out item is among the first K (HR@K), and what it is worth there, more at the top"
                        + " (NDCG@K)."),
                div(
                                plot(
                                        "HR@K",
                                        "The share of ranked lists whose held-out item is among the first K.",
                                        RankCurve::hits),
                                plot(
                                        "NDCG@K",
                                        "The mean of 1 / log2(1 + rank) where the held-out item is among the first K.",
                                        RankCurve::gains))
                        .withClass("plots"));
    }

    private DomContent plot(String name, String about, Function<RankCurve, double[]> metric) {
        List<Series> series = curves().entrySet().stream()
                .map(curve -> new Series(curve.getKey(), metric.apply(curve.getValue())))
                .toList();
        return Plot.lines(name, about, "K", name, RankCurve.ks(), series, Optional.empty());
    }

    private Map<String, RankCurve> curves() {
        Map<String, RankCurve> curves = new LinkedHashMap<>();
        curves.put(
                run.model(),
                RankCurve.of(run.heldOut().ranked().stream()
                        .mapToInt(HeldOutRow::rank)
                        .toArray()));
        run.results().baselines().forEach((baseline, result) -> {
            Double lists = result.testMetrics().get("lists_ranked");
            if (result.testRanks() != null && lists != null) {
                curves.put(baseline, new RankCurve(result.testRanks(), lists));
            }
        });
        return curves;
    }
}
