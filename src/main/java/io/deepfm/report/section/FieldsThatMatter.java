package io.deepfm.report.section;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import io.deepfm.explanation.FieldImportance;
import io.deepfm.explanation.FieldMatrix;
import io.deepfm.explanation.ModelExplanation;
import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.HeatMap;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Plot;
import io.deepfm.report.html.Plot.Bar;
import io.deepfm.report.html.Section;
import io.deepfm.report.html.Table;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the model goes by: fields, pairs of fields, and attention. */
record FieldsThatMatter(RunFacts run) implements Section {

    @Override
    public String title() {
        return "Which fields matter";
    }

    @Override
    public List<DomContent> content() {
        return run.explanation().map(this::content).orElse(List.of());
    }

    private List<DomContent> content(ModelExplanation explanation) {
        List<DomContent> plots = new ArrayList<>();
        if (!Double.isNaN(explanation.value())) {
            plots.add(importance(explanation));
        }
        List<FieldMatrix> pairs = explanation.interactions().pairs();
        for (FieldMatrix head : pairs) {
            if (head.fields().size() > 1) {
                plots.add(pairs(head, pairs.size() == 1 ? "" : ": " + head.name()));
            }
        }
        List<List<FieldMatrix>> layers = explanation.interactions().attention();
        for (int layer = 0; layer < layers.size(); layer++) {
            plots.add(attention(layers.get(layer), layers.size() == 1 ? "" : ", layer " + (layer + 1)));
        }
        return plots.isEmpty()
                ? List.of()
                : List.of(p(words(explanation)), div().withClass("plots").with(plots));
    }

    private static String words(ModelExplanation explanation) {
        return "On a sample of validation: " + explanation.sample()
                + ". Fields that say the same stand in for each other, so that each seems to matter less than both do. What a field"
                + " adds to one prediction is told by predict --explain, and all this over more lists by explain.";
    }

    private static DomContent importance(ModelExplanation explanation) {
        List<Bar> bars = explanation.fields().stream()
                .map(field -> new Bar(
                        field.field(),
                        rounded(field.mean()),
                        Optional.empty(),
                        List.of(
                                Numbers.metric(field.deviation()),
                                field.group().name().toLowerCase(Locale.ROOT))))
                .toList();
        FieldImportance first = explanation.fields().get(0);
        return Plot.bars(
                "Importance of fields",
                "What " + explanation.metric() + " (" + Numbers.metric(explanation.value())
                        + " on the sample) loses when the values of a field are shuffled among users, items or lists: the mean of "
                        + first.lost().size() + " repeats.",
                "field",
                explanation.metric() + " lost",
                List.of("standard deviation", "shuffled among"),
                bars);
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }

    private static DomContent pairs(FieldMatrix head, String of) {
        String title = "Strength of pairs" + of;
        return new HeatMap(
                        title,
                        "The mean absolute value of each pair's term in the factorization machine, in units of the logit. The"
                                + " strongest: " + strongest(head, " with ") + ".",
                        head.fields(),
                        head.values(),
                        table(title, head, List.of("field", "with field", "strength")))
                .toHtml();
    }

    private static DomContent attention(List<FieldMatrix> heads, String of) {
        String title = "Attention" + of;
        FieldMatrix mean = FieldMatrix.mean(title, heads);
        return new HeatMap(
                        title,
                        "The weight that the field of a row gives that of a column, the mean over " + heads.size()
                                + (heads.size() == 1 ? " head" : " heads")
                                + " and all candidates; a row adds up to 1, so that "
                                + Numbers.plain(rounded(1.0 / mean.fields().size()))
                                + " each is to look at all alike. The largest: "
                                + strongest(mean, " to ") + ".",
                        mean.fields(),
                        mean.values(),
                        table(title, mean, List.of("field", "looks at", "weight")))
                .toHtml();
    }

    private static String strongest(FieldMatrix matrix, String between) {
        FieldMatrix.Pair pair = matrix.pairs().get(0);
        return pair.first() + between + pair.second() + ", " + Numbers.plain(rounded(pair.value()));
    }

    private static Table table(String title, FieldMatrix matrix, List<String> columns) {
        return new Table(
                title,
                columns,
                matrix.pairs().stream()
                        .map(pair -> List.of(pair.first(), pair.second(), Numbers.metric(pair.value())))
                        .toList());
    }
}
