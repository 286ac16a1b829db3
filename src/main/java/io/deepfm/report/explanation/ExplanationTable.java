package io.deepfm.report.explanation;

import io.deepfm.explanation.FieldImportance;
import io.deepfm.explanation.FieldMatrix;
import io.deepfm.explanation.FieldMatrix.Pair;
import io.deepfm.explanation.ModelExplanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What matters to a model, as lines of text. */
public final class ExplanationTable {

    /** Of many pairs the first are shown. */
    private static final int PAIRS = 10;

    private ExplanationTable() {}

    /**
     * Lays it out.
     *
     * @param explanation what matters
     * @return lines, with an empty line between the tables
     */
    public static List<String> of(ModelExplanation explanation) {
        List<String> lines = new ArrayList<>();
        List<FieldImportance> fields = explanation.fields();
        lines.add(String.format(
                Locale.ROOT,
                "Fields: what validation %s (%.4f) loses when a field is shuffled, mean and standard deviation of %d repeats",
                explanation.metric(),
                explanation.value(),
                fields.get(0).lost().size()));
        lines.add("");
        int width =
                fields.stream().mapToInt(field -> field.field().length()).max().orElse(0);
        for (FieldImportance field : fields) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-" + width + "s  %8.4f ± %.4f  %s",
                    field.field(),
                    field.mean(),
                    field.deviation(),
                    field.group().name().toLowerCase(Locale.ROOT)));
        }
        for (FieldMatrix head : explanation.interactions().pairs()) {
            String of = explanation.interactions().pairs().size() == 1 ? "" : " of logit(" + head.name() + ")";
            addPairs(lines, "Pairs: mean absolute term of the factorization machine" + of, " x ", head);
        }
        int layer = 0;
        for (List<FieldMatrix> heads : explanation.interactions().attention()) {
            layer++;
            addPairs(
                    lines,
                    "Attention, layer " + layer + ": mean weight that a field gives another",
                    " to ",
                    FieldMatrix.mean("", heads));
        }
        return lines;
    }

    private static void addPairs(List<String> lines, String title, String between, FieldMatrix matrix) {
        List<Pair> all = matrix.pairs();
        List<Pair> pairs = all.subList(0, Math.min(PAIRS, all.size()));
        lines.add("");
        lines.add(title + (all.size() > PAIRS ? ", the first " + PAIRS + " of " + all.size() : ""));
        lines.add("");
        int width = pairs.stream()
                .mapToInt(pair -> (pair.first() + between + pair.second()).length())
                .max()
                .orElse(1);
        for (Pair pair : pairs) {
            lines.add(String.format(
                    Locale.ROOT, "%-" + width + "s  %8.4f", pair.first() + between + pair.second(), pair.value()));
        }
    }
}
