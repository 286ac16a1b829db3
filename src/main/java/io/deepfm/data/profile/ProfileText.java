package io.deepfm.data.profile;

import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A profile as lines of plain text in aligned columns. */
public final class ProfileText {

    private static final int LONGEST_VALUE = 24;
    private static final int LONGEST_BAR = 40;

    private final DatasetProfile profile;
    private final List<String> lines = new ArrayList<>();
    private final int width;

    private ProfileText(DatasetProfile profile) {
        this.profile = profile;
        this.width = profile.fields().stream()
                .mapToInt(field -> field.name().length())
                .reduce(5, Math::max);
    }

    /**
     * Writes a profile.
     *
     * @param profile what to write
     * @param hasUsersAndItems whether there is something to say of them
     * @return the lines
     */
    public static List<String> of(DatasetProfile profile, boolean hasUsersAndItems) {
        ProfileText text = new ProfileText(profile);
        text.fields();
        text.topValues();
        text.splits();
        if (hasUsersAndItems) {
            text.activity("user", profile.users());
            text.activity("item", profile.items());
        }
        return text.lines;
    }

    private void fields() {
        boolean hasCuts = profile.cut().values().stream().anyMatch(fields -> !fields.isEmpty());
        String of = "train  valid.    test";
        row("", "", "", "", "", "% missing", "% OOV", hasCuts ? "% cut" : "");
        row("field", "type", "group", "ids", "dim", of, of, hasCuts ? of : "");
        for (FieldSchema field : profile.fields()) {
            row(
                    field.name(),
                    field.type().name().toLowerCase(Locale.ROOT),
                    field.group().name().toLowerCase(Locale.ROOT),
                    field.vocabularySize() == 0 ? "-" : format("%,d", field.vocabularySize()),
                    Integer.toString(field.embeddingDim()),
                    shares(profile.missing(), field.name()),
                    shares(profile.unknown(), field.name()),
                    shares(profile.cut(), field.name()));
        }
    }

    private void row(
            String field,
            String type,
            String group,
            String ids,
            String dim,
            String missing,
            String unknown,
            String cut) {
        line(format(
                "  %-" + width + "s  %-8s  %-7s  %9s  %4s  %-23s  %-23s  %-23s",
                field,
                type,
                group,
                ids,
                dim,
                missing,
                unknown,
                cut));
    }

    /** Nothing for a field of which there are none. */
    private static String shares(Map<String, Map<String, Double>> bySplit, String field) {
        return Tables.SPLITS.stream()
                .map(bySplit::get)
                .filter(fields -> fields.containsKey(field))
                .map(fields -> format("%5.1f", 100 * fields.get(field)))
                .collect(Collectors.joining("   "));
    }

    private void topValues() {
        if (profile.top().isEmpty()) {
            return;
        }
        double rows = profile.splits().get(Tables.TRAIN).rows();
        line("");
        line("  most frequent values, with the % of training rows that have them");
        profile.fields().stream()
                .filter(field -> profile.top().containsKey(field.name()))
                .forEach(field -> line(format(
                        "  %-" + width + "s  %s",
                        field.name(),
                        profile.top().get(field.name()).entrySet().stream()
                                .map(value -> format("%s %.1f", shown(value.getKey()), 100 * value.getValue() / rows))
                                .collect(Collectors.joining(", ")))));
    }

    private static String shown(String value) {
        String plain = value.replaceAll("\\p{Cntrl}", " ");
        return plain.length() <= LONGEST_VALUE ? plain : plain.substring(0, LONGEST_VALUE - 3) + "...";
    }

    private void splits() {
        line("");
        profile.splits()
                .forEach((split, counts) -> line(format(
                        "  %-10s  %,12d rows, %5.1f %% positive",
                        split, counts.rows(), 100.0 * counts.positives() / counts.rows())));
    }

    private void activity(String whose, Activity activity) {
        line("");
        line(format(
                "  interactions per %s  min %,d, median %,.0f, mean %,.1f, max %,d",
                whose, activity.min(), activity.median(), activity.mean(), activity.max()));
        List<Activity.Bar> bars = activity.histogram();
        long most = bars.stream().mapToLong(Activity.Bar::keys).max().orElse(1);
        for (Activity.Bar bar : bars) {
            // Whatever there is shows.
            int length = (int) Math.ceil((double) LONGEST_BAR * bar.keys() / most);
            line(format(
                    "  %23s  %-" + LONGEST_BAR + "s  %,12d %ss",
                    bar.from() == bar.to() ? format("%,d", bar.from()) : format("%,d to %,d", bar.from(), bar.to()),
                    "#".repeat(length),
                    bar.keys(),
                    whose));
        }
    }

    private void line(String text) {
        lines.add(text.stripTrailing());
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
