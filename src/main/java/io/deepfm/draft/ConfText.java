package io.deepfm.draft;

import io.deepfm.draft.table.ColumnProfile;
import io.deepfm.draft.table.RawTable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The configuration file: settings, each below a comment that says what was guessed and why. */
final class ConfText {

    private static final int SMALL = 20_000;
    private static final int MEDIUM = 200_000;
    private static final int ITEMS_OF_ALL = 1000;

    private final String name;
    private final RawTable rows;
    private final Roles roles;
    private final Optional<RawTable> users;
    private final Optional<RawTable> items;
    private final List<String> features;
    private final Lines lines = new Lines();

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

    /** Writes the whole file; to be called once. */
    String write() {
        head();
        data();
        training();
        dataset();
        return lines.toString();
    }

    private void head() {
        lines.add(
                0,
                "# A first configuration, guessed from the files: comments say what was found and why it became what it is.");
        lines.add(0, "# Look at it with:  scripts/deepfm describe --config THIS_FILE");
        lines.add(0, "# Run it with:      scripts/deepfm pipeline --config THIS_FILE");
        lines.add(
                0,
                "# Please check: " + (hasUsers() ? "user, item, time and label" : "the label")
                        + " below; numbers that are really categories, and the reverse; columns that would not be known yet when"
                        + " a prediction is made, which must not be features.");
        Stream.of(Optional.of(rows), users, items)
                .flatMap(Optional::stream)
                .filter(table -> !table.isWhole())
                .forEach(table -> lines.add(
                        0,
                        String.format(
                                Locale.ROOT,
                                "# Only the first %,d of %,d rows of %s were looked at.",
                                table.seen(),
                                table.rows(),
                                table.path())));
        lines.add(0, "");
        lines.add(0, "model_name = deepfm # xdeepfm | attention_deepfm | dcnv2");
        lines.add(0, "output_dir = " + Hocon.text("outputs/" + name));
        lines.add(0, "work_dir = " + Hocon.text("work/" + name));
    }

    private void data() {
        lines.add(0, "");
        lines.add(0, "data {");
        lines.add(1, "dataset_name = " + Hocon.text(name));
        lines.add(1, "auto_download = false");
        split();
        label();
        if (hasUsers() && rows.repeated() > 0) {
            lines.add(
                    1,
                    String.format(
                            Locale.ROOT,
                            "# %,d rows are like an earlier one in all columns; keep: take them all",
                            rows.repeated()));
            lines.add(1, "duplicates = drop");
        }
        double bad = badShare();
        if (bad > 0) {
            lines.add(1, String.format(Locale.ROOT, "# %.4f of the rows do not parse", bad));
            lines.add(1, String.format(Locale.ROOT, "max_bad_rows = %.4f", Math.min(1, 1.5 * bad + 0.001)));
        }
        if (hasUsers()) {
            int all = items.map(table -> (int) table.rows())
                    .orElse(roles.item().orElseThrow().column().distinct());
            if (all <= ITEMS_OF_ALL) {
                lines.add(
                        1,
                        "# the catalogue is small, so all unseen items are ranked; 99 and 999 are common numbers elsewhere");
                lines.add(1, "num_neg_eval = all");
            }
        }
        lines.add(0, "}");
    }

    private void split() {
        boolean hasTime = roles.time().isPresent();
        boolean repeat = roles.user()
                .map(user -> user.column().values().values().stream().anyMatch(count -> count >= 3))
                .orElse(false);
        if (repeat && hasTime) {
            lines.add(1, "# each user's last interaction is test, the one before validation; temporal | random");
            lines.add(1, "split_strategy = leave_one_out");
        } else if (hasTime) {
            lines.add(1, "# the latest rows are test, those before them validation; random");
            lines.add(1, "split_strategy = temporal");
        } else {
            lines.add(1, "# there is no time that could order the rows; files of their own: predefined");
            lines.add(1, "split_strategy = random");
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
                    lines.add(
                            1,
                            String.format(
                                    Locale.ROOT,
                                    "# %s is %s; %.1f %% of the rows reach this and are positives",
                                    column.name(),
                                    column.range(),
                                    100.0 * positive / column.rows()));
                    lines.add(1, "label_threshold = " + threshold);
                });
    }

    /** Seven tenths of the way up: 4 of 1 to 5, 7 of 1 to 10. */
    private static double threshold(ColumnProfile column) {
        double at = column.min() + 0.7 * (column.max() - column.min());
        return column.max() - column.min() >= 3 ? Math.rint(at) : at;
    }

    /** The worst table's, as the limit holds for each. */
    private double badShare() {
        return Stream.of(Optional.of(rows), users, items)
                .flatMap(Optional::stream)
                .mapToDouble(ConfText::badShare)
                .max()
                .orElse(0);
    }

    private static double badShare(RawTable table) {
        return (double) table.bad() / Math.max(1, table.seen());
    }

    private void training() {
        lines.add(0, "");
        lines.add(0, "training {");
        int batch = rows.rows() < SMALL ? 256 : rows.rows() < MEDIUM ? 1024 : 4096;
        lines.add(1, String.format(Locale.ROOT, "batch_size = %d # for %,d rows", batch, rows.rows()));
        if (!hasUsers()) {
            lines.add(1, "metric = logloss # without users nothing is ranked; auc");
        }
        lines.add(0, "}");
    }

    private void dataset() {
        lines.add(0, "");
        lines.add(0, "dataset {");
        new SourceText("interactions", rows, where()).writeTo(lines);
        users.ifPresent(table -> new SourceText("users", table, Optional.empty()).writeTo(lines));
        items.ifPresent(table -> new SourceText("items", table, Optional.empty()).writeTo(lines));
        orphans("missing_users", users, roles.user());
        orphans("missing_items", items, roles.item());
        roles();
        lines.add(0, "");
        lines.add(1, "features = [");
        features.forEach(feature -> lines.add(2, feature));
        lines.add(1, "]");
        lines.add(0, "}");
    }

    /** What becomes of keys without a row in their table, where there are some. */
    private void orphans(String key, Optional<RawTable> table, Optional<Roles.Guess> guess) {
        if (table.map(RawTable::isWhole).orElse(false)) {
            ColumnProfile column = guess.orElseThrow().column();
            double share = 1
                    - column.within(guess.orElseThrow().key())
                    - (double) column.missing() / Math.max(1, column.rows());
            if (share > 1e-9) {
                lines.add(
                        1,
                        String.format(
                                Locale.ROOT,
                                "# %.2f %% of the interactions have a %s without a row there; error: they are bad rows",
                                100 * share,
                                column.name()));
                lines.add(1, key + " = keep");
            }
        }
    }

    private void roles() {
        role("user", roles.user(), column -> Hocon.text(column.name()));
        role("item", roles.item(), column -> Hocon.text(column.name()));
        if (!hasUsers()) {
            lines.add(
                    1, "# No column was taken for a user or an item, so this is a log: nothing is sampled or ranked.");
            lines.add(1, "# user = ...");
            lines.add(1, "# item = ...");
        }
        role(
                "time",
                roles.time(),
                column -> Hocon.text(
                        column.isNumber() || !column.type().equals("STRING")
                                ? FeatureLines.sql(column.name())
                                : FeatureLines.time(column)));
        if (roles.time().isEmpty()) {
            lines.add(1, "# time = ...       # nothing looks like a time");
        }
        role(
                "label",
                roles.label(),
                column -> column.isBinary()
                        ? Hocon.text(FeatureLines.sql(column.name()))
                        : Hocon.text(FeatureLines.sql(column.name()) + " >= ") + "${data.label_threshold}");
        if (roles.label().isEmpty()) {
            lines.add(1, "# label = ...      # nothing looks like a label, so every row is a positive");
        }
    }

    private void role(String key, Optional<Roles.Guess> guess, Function<ColumnProfile, String> value) {
        guess.ifPresent(found -> {
            lines.add(1, "# " + found.column().name() + ": " + found.column().counts() + "; " + found.why());
            lines.add(1, key + " = " + value.apply(found.column()));
        });
    }

    /** Which interactions are taken: those without a key, a label or a time are not. */
    private Optional<String> where() {
        String conditions = roles.columns()
                .filter(column -> column.missing() > 0)
                .map(column -> FeatureLines.sql(column.name()) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        return Optional.of(conditions).filter(text -> !text.isEmpty());
    }

    private boolean hasUsers() {
        return roles.user().isPresent();
    }
}
