package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.data.DatasetProfile;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Profiles a dataset: its fields, missing and OOV values in each split, labels, interactions per user and item. */
@Command(
        name = "describe",
        description = "Profiles the dataset: fields, vocabularies, missing and OOV values per split, label rates.")
final class DescribeCommand extends JobCommand {

    @Override
    boolean forces(String stage) {
        return true;
    }

    @Override
    void run(Session session, Console console) {
        DatasetProfile profile = new DataJob(session).describe();
        console.line("");
        fields(profile, console);
        console.line("");
        profile.splits()
                .forEach((split, counts) -> console.line(String.format(
                        Locale.ROOT,
                        "  %-10s  %,12d rows, %5.1f %% positive",
                        split,
                        counts.rows(),
                        100.0 * counts.positives() / counts.rows())));
        if (session.dataset().hasUsersAndItems()) {
            console.line("");
            console.line("  interactions per user  " + spread(profile.perUser()));
            console.line("  interactions per item  " + spread(profile.perItem()));
        }
    }

    private static void fields(DatasetProfile profile, Console console) {
        int width = profile.fields().stream()
                .mapToInt(field -> field.name().length())
                .max()
                .orElse(0);
        String form = "  %-" + Math.max(5, width) + "s  %-8s  %-7s  %9s  %4s  %-23s  %-23s";
        console.line(String.format(Locale.ROOT, form, "", "", "", "", "", "% missing", "% OOV")
                .stripTrailing());
        console.line(String.format(
                        Locale.ROOT,
                        form,
                        "field",
                        "type",
                        "group",
                        "ids",
                        "dim",
                        "train  valid.    test",
                        "train  valid.    test")
                .stripTrailing());
        for (FieldSchema field : profile.fields()) {
            console.line(String.format(
                            Locale.ROOT,
                            form,
                            field.name(),
                            field.type().name().toLowerCase(Locale.ROOT),
                            field.group().name().toLowerCase(Locale.ROOT),
                            field.vocabularySize() == 0
                                    ? "-"
                                    : String.format(Locale.ROOT, "%,d", field.vocabularySize()),
                            field.embeddingDim(),
                            shares(profile.missing(), field.name()),
                            shares(profile.unknown(), field.name()))
                    .stripTrailing());
        }
    }

    private static String shares(Map<String, Map<String, Double>> bySplit, String field) {
        return Tables.SPLITS.stream()
                .map(split -> String.format(
                        Locale.ROOT, "%5.1f", 100 * bySplit.get(split).get(field)))
                .collect(Collectors.joining("   "));
    }

    private static String spread(List<Double> found) {
        return String.format(
                Locale.ROOT,
                "min %,.0f, median %,.0f, mean %,.1f, max %,.0f",
                found.get(0),
                found.get(1),
                found.get(2),
                found.get(3));
    }
}
