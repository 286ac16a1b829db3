package io.deepfm.draft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The configuration file: settings, each below a comment that says what was guessed and why. */
final class ConfText {

    private static final int SMALL = 20_000;
    private static final int MEDIUM = 200_000;
    private static final int ITEMS_OF_ALL = 1000;
    private static final int WIDTH = 110;

    private final String name;
    private final RawTable rows;
    private final Roles roles;
    private final Optional<RawTable> users;
    private final Optional<RawTable> items;
    private final List<String> features;
    private final StringBuilder text = new StringBuilder();

    ConfText(
            String name,
            RawTable rows,
            Roles roles,
            Optional<RawTable> users,
            Optional<RawTable> items,
            List<String> features) {
        this.name = name;
        this.rows = rows;
        this.roles = roles;
        this.users = users;
        this.items = items;
        this.features = features;
    }

    @Override
    public String toString() {
        text.setLength(0);
        head();
        data();
        training();
        dataset();
        return text.toString();
    }

    private void head() {
        line(
                0,
                "# A first configuration, guessed from the files: comments say what was found and why it became what it is.");
        line(0, "# Look at it with:  scripts/deepfm describe --config THIS_FILE");
        line(0, "# Run it with:      scripts/deepfm pipeline --config THIS_FILE");
        line(
                0,
                "# Please check: " + (hasUsers() ? "user, item, time and label" : "the label")
                        + " below; numbers that are really categories, and the reverse; columns that would not be known yet when"
                        + " a prediction is made, which must not be features.");
        Stream.of(Optional.of(rows), users, items)
                .flatMap(Optional::stream)
                .filter(table -> !table.isWhole())
                .forEach(table -> line(
                        0,
                        String.format(
                                Locale.ROOT,
                                "# Only the first %,d of %,d rows of %s were looked at.",
                                table.seen(),
                                table.rows(),
                                table.path())));
        line(0, "");
        line(0, "model_name = deepfm # xdeepfm | attention_deepfm | dcnv2");
        line(0, "output_dir = " + Hocon.text("outputs/" + name));
        line(0, "work_dir = " + Hocon.text("work/" + name));
    }

    private void data() {
        line(0, "");
        line(0, "data {");
        line(1, "dataset_name = " + Hocon.text(name));
        line(1, "auto_download = false");
        split();
        label();
        if (hasUsers() && rows.repeated() > 0) {
            line(
                    1,
                    String.format(
                            Locale.ROOT,
                            "# %,d rows are like an earlier one in all columns; keep: take them all",
                            rows.repeated()));
            line(1, "duplicates = drop");
        }
        double bad = badShare();
        if (bad > 0) {
            line(
                    1,
                    String.format(
                            Locale.ROOT,
                            "# %.4f of the rows cannot be used: they do not parse, or name a user or an item that is in no table",
                            bad));
            line(1, String.format(Locale.ROOT, "max_bad_rows = %.4f", Math.min(1, 1.5 * bad + 0.001)));
        }
        if (hasUsers()) {
            int all = items.map(table -> (int) table.rows())
                    .orElse(roles.item().orElseThrow().column().distinct());
            if (all <= ITEMS_OF_ALL) {
                line(
                        1,
                        "# the catalogue is small, so all unseen items are ranked; 99 and 999 are common numbers elsewhere");
                line(1, "num_neg_eval = all");
            }
        }
        line(0, "}");
    }

    private void split() {
        boolean hasTime = roles.time().isPresent();
        boolean repeat = roles.user()
                .map(user -> user.column().values().values().stream().anyMatch(count -> count >= 3))
                .orElse(false);
        if (repeat && hasTime) {
            line(1, "# each user's last interaction is test, the one before validation; temporal | random");
            line(1, "split_strategy = leave_one_out");
        } else if (hasTime) {
            line(1, "# the latest rows are test, those before them validation; random");
            line(1, "split_strategy = temporal");
        } else {
            line(1, "# there is no time that could order the rows; files of their own: predefined");
            line(1, "split_strategy = random");
        }
    }

    private void label() {
        roles.label()
                .map(Roles.Guess::column)
                .filter(column -> !column.isBinary())
                .ifPresent(column -> {
                    double threshold = threshold(column);
                    long positive = column.values().entrySet().stream()
                            .filter(value -> Double.parseDouble(value.getKey()) >= threshold)
                            .mapToLong(value -> value.getValue())
                            .sum();
                    line(
                            1,
                            String.format(
                                    Locale.ROOT,
                                    "# %s is from %.6g to %.6g; %.1f %% of the rows reach this and are positives",
                                    column.name(),
                                    column.min(),
                                    column.max(),
                                    100.0 * positive / column.rows()));
                    line(1, "label_threshold = " + threshold);
                });
    }

    /** Seven tenths of the way up: 4 of 1 to 5, 7 of 1 to 10. */
    private static double threshold(ColumnProfile column) {
        double at = column.min() + 0.7 * (column.max() - column.min());
        return column.max() - column.min() >= 3 ? Math.rint(at) : at;
    }

    private double badShare() {
        double orphans = 0;
        if (users.map(RawTable::isWhole).orElse(false)) {
            orphans += orphans(roles.user().orElseThrow());
        }
        if (items.map(RawTable::isWhole).orElse(false)) {
            orphans += orphans(roles.item().orElseThrow());
        }
        return Math.max(
                Stream.of(users, items)
                        .flatMap(Optional::stream)
                        .mapToDouble(ConfText::badShare)
                        .max()
                        .orElse(0),
                badShare(rows) + orphans);
    }

    private static double orphans(Roles.Guess guess) {
        double missing =
                (double) guess.column().missing() / Math.max(1, guess.column().rows());
        return Math.max(0, 1 - missing - guess.column().within(guess.key()));
    }

    private static double badShare(RawTable table) {
        return (double) table.bad() / Math.max(1, table.seen());
    }

    private void training() {
        line(0, "");
        line(0, "training {");
        int batch = rows.rows() < SMALL ? 256 : rows.rows() < MEDIUM ? 1024 : 4096;
        line(1, String.format(Locale.ROOT, "batch_size = %d # for %,d rows", batch, rows.rows()));
        if (!hasUsers()) {
            line(1, "metric = logloss # without users nothing is ranked; auc");
        }
        line(0, "}");
    }

    private void dataset() {
        line(0, "");
        line(0, "dataset {");
        source("interactions", rows);
        users.ifPresent(table -> source("users", table));
        items.ifPresent(table -> source("items", table));
        role("user", roles.user(), column -> Hocon.text(column.name()));
        role("item", roles.item(), column -> Hocon.text(column.name()));
        if (!hasUsers()) {
            line(1, "# No column was taken for a user or an item, so this is a log: nothing is sampled or ranked.");
            line(1, "# user = ...");
            line(1, "# item = ...");
        }
        role(
                "time",
                roles.time(),
                column -> Hocon.text(
                        column.isNumber() || !column.type().equals("STRING")
                                ? FeatureLines.sql(column.name())
                                : FeatureLines.time(column)));
        if (roles.time().isEmpty()) {
            line(1, "# time = ...       # nothing looks like a time");
        }
        role(
                "label",
                roles.label(),
                column -> column.isBinary()
                        ? Hocon.text(FeatureLines.sql(column.name()))
                        : Hocon.text(FeatureLines.sql(column.name()) + " >= ") + "${data.label_threshold}");
        if (roles.label().isEmpty()) {
            line(1, "# label = ...      # nothing looks like a label, so every row is a positive");
        }
        line(0, "");
        line(1, "features = [");
        features.forEach(feature -> line(2, feature));
        line(1, "]");
        line(0, "}");
    }

    private void role(
            String key, Optional<Roles.Guess> guess, java.util.function.Function<ColumnProfile, String> value) {
        guess.ifPresent(found -> {
            line(1, "# " + found.column().name() + ": " + found.column().counts() + "; " + found.why());
            line(1, key + " = " + value.apply(found.column()));
        });
    }

    private void source(String key, RawTable table) {
        RawFormat format = table.format();
        line(1, "# " + format(table) + String.format(Locale.ROOT, ", %,d rows", table.rows()));
        if (!table.ignored().isEmpty()) {
            line(1, "# ignored, as no feature takes their types: " + String.join(", ", table.ignored()));
        }
        line(1, key + " {");
        line(2, "path = " + Hocon.text(table.path()));
        line(2, "format = " + format.name());
        if (format.isDelimited()) {
            String usual = format.name().equals("csv") ? "," : "\t";
            if (!format.delimiter().equals(usual)) {
                line(2, "delimiter = " + Hocon.text(format.delimiter()));
            }
            if (format.quoted() != format.name().equals("csv")) {
                line(2, "quote = " + (format.quoted() ? "\"\\\"\"" : "\"\""));
            }
            if (format.header()) {
                line(2, "header = true");
            }
            if (!format.encoding().name().equals("UTF-8")) {
                line(2, "encoding = " + format.encoding() + " # not valid as UTF-8; perhaps windows-1252");
            }
        }
        if (format.multiLine()) {
            line(2, "options { multiLine = true }");
        }
        if (format.isDelimited() || format.name().equals("json")) {
            line(2, "columns = \"\"\"" + columns(table) + "\"\"\"");
        }
        TreeSet<String> nulls = new TreeSet<>();
        table.columns().forEach(column -> nulls.addAll(column.nullTexts()));
        if (!nulls.isEmpty()) {
            line(
                    2,
                    "null_values = ["
                            + String.join(
                                    ", ",
                                    nulls.stream().map(value -> quoted(value)).toList()) + "]");
        }
        if (table == rows) {
            where();
        }
        line(1, "}");
    }

    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\") + "\"";
    }

    /** Rows without a key are left out. */
    private void where() {
        List<String> conditions = Stream.of(roles.user(), roles.item(), roles.label(), roles.time())
                .flatMap(Optional::stream)
                .map(Roles.Guess::column)
                .filter(column -> column.missing() > 0)
                .map(column -> FeatureLines.sql(column.name()) + " IS NOT NULL")
                .toList();
        if (!conditions.isEmpty()) {
            line(2, "where = " + Hocon.text(String.join(" AND ", conditions)) + " # some rows lack it");
        }
    }

    private static String columns(RawTable table) {
        StringBuilder lines = new StringBuilder();
        int width = 0;
        for (ColumnProfile column : table.columns()) {
            String one = FeatureLines.sql(column.name()) + " " + column.type();
            if (lines.length() > 0) {
                boolean isFull = width + one.length() > WIDTH;
                lines.append(isFull ? ",\n               " : ", ");
                width = isFull ? 0 : width;
            }
            lines.append(one);
            width += one.length() + 2;
        }
        return lines.toString();
    }

    /** How a table is written, in a few words. */
    static String format(RawTable table) {
        RawFormat format = table.format();
        if (!format.isDelimited()) {
            return format.name() + (format.multiLine() ? " over several lines" : "");
        }
        String delimiter = format.delimiter().equals("\t") ? "a tab" : "'" + format.delimiter() + "'";
        return "text with " + delimiter + " between columns, " + (format.header() ? "with" : "without") + " a header";
    }

    private boolean hasUsers() {
        return roles.user().isPresent();
    }

    /** Comments are broken where they are long. */
    private void line(int depth, String content) {
        String indent = "  ".repeat(depth);
        if (!content.startsWith("#") || content.length() <= WIDTH) {
            text.append(indent).append(content).append("\n");
            return;
        }
        List<String> words = new ArrayList<>(Arrays.asList(content.split(" ")));
        StringBuilder one = new StringBuilder();
        for (String word : words) {
            if (one.length() + word.length() > WIDTH) {
                text.append(indent).append(one.toString().stripTrailing()).append("\n");
                one = new StringBuilder("# ");
            }
            one.append(word).append(" ");
        }
        text.append(indent).append(one.toString().stripTrailing()).append("\n");
    }
}
