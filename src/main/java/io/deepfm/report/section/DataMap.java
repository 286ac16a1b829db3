package io.deepfm.report.section;

import static j2html.TagCreator.p;

import io.deepfm.report.facts.FieldValues;
import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Section;
import io.deepfm.report.html.Table;
import io.deepfm.schema.Tables;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the model learned from and was measured on. */
record DataMap(RunFacts run) implements Section {

    private static final String VOCABULARY = "vocabulary.";

    @Override
    public String title() {
        return "Data";
    }

    @Override
    public List<DomContent> content() {
        Map<String, Long> split = run.results().data().getOrDefault("split", Map.of());
        Map<String, Long> encoded = run.results().data().getOrDefault("encode", Map.of());
        List<DomContent> content = new ArrayList<>();
        content.add(p(String.format(
                Locale.ROOT,
                run.catalogue().isPresent() ? "%,d users and %,d items." : "A log without users and items.",
                encoded.getOrDefault(Tables.USERS, 0L),
                encoded.getOrDefault(Tables.ITEMS, 0L))));
        content.add(splits(split).toHtml());
        if (!run.fields().isEmpty()) {
            content.add(fields(encoded).toHtml());
        }
        return content;
    }

    private static Table splits(Map<String, Long> split) {
        return new Table(
                "Splits",
                List.of("Split", "Interactions", "Label 1", "Share"),
                Tables.SPLITS.stream()
                        .filter(split::containsKey)
                        .map(name -> {
                            long rows = split.get(name);
                            long positives = split.getOrDefault(name + "_positive", 0L);
                            return List.of(
                                    name,
                                    Numbers.count(rows),
                                    Numbers.count(positives),
                                    Numbers.percent(positives / (double) rows));
                        })
                        .toList());
    }

    private Table fields(Map<String, Long> encoded) {
        return new Table(
                "Fields: the values known from train, and how many held-out rows of test have none, or one that is not among them",
                List.of("Field", "Vocabulary", "Rows with unknown or missing values"),
                run.fields().stream()
                        .map(field -> List.of(
                                field.field(),
                                encoded.containsKey(VOCABULARY + field.field())
                                        ? Numbers.count(encoded.get(VOCABULARY + field.field()))
                                        : Numbers.NONE,
                                Numbers.percent(unknown(field))))
                        .toList());
    }

    private static double unknown(FieldValues field) {
        return field.byRow().stream()
                        .filter(values -> values.contains(FieldValues.UNKNOWN))
                        .count()
                / (double) field.byRow().size();
    }
}
