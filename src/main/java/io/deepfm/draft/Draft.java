package io.deepfm.draft;

import io.deepfm.draft.table.ColumnProfile;
import io.deepfm.draft.table.RawTable;
import io.deepfm.schema.FieldGroup;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * The first configuration of a dataset.
 *
 * @param text the file's content
 * @param summary what was found, in a line for each thing
 */
public record Draft(String text, List<String> summary) {

    private static final String USER = "user";
    private static final String ITEM = "item";

    /**
     * Looks at files and writes a configuration for them, on which a pipeline runs as it is.
     *
     * @param spark the session
     * @param storage the file systems
     * @param name what to call the dataset
     * @param interactions a file, a folder or a pattern
     * @param users the table of users, if there is one
     * @param items the table of items, if there is one
     * @return the configuration
     * @throws DataException if a file is missing, empty or of a kind that cannot be read, or if nothing says what the
     *     interactions are about
     */
    public static Draft of(
            SparkSession spark,
            Storage storage,
            String name,
            String interactions,
            Optional<String> users,
            Optional<String> items) {
        RawTable found = RawTable.of(spark, storage, interactions);
        Optional<RawTable> ofUsers = users.map(path -> RawTable.of(spark, storage, path));
        Optional<RawTable> ofItems = items.map(path -> RawTable.of(spark, storage, path));
        Roles guessed = Roles.of(found, ofUsers, ofItems);
        requireRoles(guessed, found, ofUsers.or(() -> ofItems));
        RawTable rows = found.isUnnamed() ? named(found, guessed) : found;
        Roles roles = found.isUnnamed() ? renamed(guessed, found, rows) : guessed;
        return draft(
                name,
                rows,
                roles,
                ofUsers.map(table -> keyed(table, roles.user().orElseThrow(), USER)),
                ofItems.map(table -> keyed(table, roles.item().orElseThrow(), ITEM)));
    }

    private static void requireRoles(Roles roles, RawTable interactions, Optional<RawTable> table) {
        String columns = String.join(
                ", ", interactions.columns().stream().map(ColumnProfile::name).toList());
        if (roles.user().isEmpty() && table.isPresent()) {
            throw new DataException(interactions.path() + ": nothing says which column is the "
                    + "user and which the item. Its columns are " + columns
                    + ". Give both tables, or name the columns, such as user and item, in a header.");
        }
        if (roles.user().isEmpty() && roles.label().isEmpty()) {
            throw new DataException(interactions.path() + ": nothing says which columns are a user and an item, or a"
                    + " label of 0 and 1. Its columns are " + columns
                    + ". Name them so in a header, or begin with a configuration by hand: see"
                    + " src/site/markdown/datasets.md.");
        }
    }

    /** Names for columns that have none: by what they are, else numbers for numbers and words for words. */
    private static RawTable named(RawTable table, Roles roles) {
        List<ColumnProfile> columns = new ArrayList<>();
        int numbers = 0;
        int words = 0;
        for (ColumnProfile column : table.columns()) {
            String role = role(column, roles);
            columns.add(column.named(role != null ? role : column.isNumber() ? "i" + ++numbers : "c" + ++words));
        }
        return table.with(columns);
    }

    private static String role(ColumnProfile column, Roles roles) {
        if (is(roles.user(), column)) {
            return USER;
        }
        if (is(roles.item(), column)) {
            return ITEM;
        }
        if (is(roles.time(), column)) {
            return "time";
        }
        return is(roles.label(), column) ? column.isBinary() ? "clicked" : "rating" : null;
    }

    private static boolean is(Optional<Roles.Guess> guess, ColumnProfile column) {
        return guess.map(found -> found.column() == column).orElse(false);
    }

    private static Roles renamed(Roles roles, RawTable before, RawTable after) {
        return new Roles(
                renamed(roles.user(), before, after),
                renamed(roles.item(), before, after),
                renamed(roles.time(), before, after),
                renamed(roles.label(), before, after));
    }

    private static Optional<Roles.Guess> renamed(Optional<Roles.Guess> guess, RawTable before, RawTable after) {
        return guess.map(found -> new Roles.Guess(
                after.columns().get(before.columns().indexOf(found.column())), found.key(), found.why()));
    }

    /** The key has the same name in both tables; other columns without a name get one of their table. */
    private static RawTable keyed(RawTable table, Roles.Guess guess, String whose) {
        String key = guess.column().name();
        List<ColumnProfile> columns = new ArrayList<>();
        for (ColumnProfile column : table.columns()) {
            boolean isKey = column == guess.key();
            if (isKey && !column.name().equals(key) && !table.format().isDelimited()) {
                throw new DataException(table.path() + ": the column " + column.name() + " holds what " + key
                        + " of the interactions holds. Give both the same name in the files.");
            }
            columns.add(column.named(
                    isKey
                            ? key
                            : table.isUnnamed() || column.name().equalsIgnoreCase(key)
                                    ? whose + "_" + column.name()
                                    : column.name()));
        }
        return table.with(columns);
    }

    private static Draft draft(
            String name, RawTable rows, Roles roles, Optional<RawTable> users, Optional<RawTable> items) {
        FeatureLines features = new FeatureLines();
        List<ColumnProfile> taken = roles.columns().toList();
        if (roles.user().isPresent()) {
            side(features, roles.user().get().column(), users, FieldGroup.USER);
            side(features, roles.item().orElseThrow().column(), items, FieldGroup.ITEM);
        }
        boolean amongHashes = rows.columns().stream().anyMatch(ColumnProfile::hashed);
        rows.columns().stream()
                .filter(column -> !taken.contains(column))
                .forEach(column -> features.add(column, FieldGroup.CONTEXT, amongHashes));
        roles.time().ifPresent(time -> features.add(time.column(), FieldGroup.CONTEXT, amongHashes));
        if (features.features() == 0) {
            throw new DataException(rows.path() + ": no column is left that could be a feature.");
        }
        String text = new ConfText(name, rows, roles, users, items, features.lines()).write();
        List<String> summary = new ArrayList<>();
        summary.add(String.format(
                Locale.ROOT,
                "%,d rows of %,d columns in %s: %s",
                rows.rows(),
                rows.columns().size(),
                rows.path(),
                SourceText.format(rows)));
        summary.add("user " + shown(roles.user()) + ", item " + shown(roles.item()) + ", time " + shown(roles.time())
                + ", label " + shown(roles.label()));
        summary.add(features.features() + " features");
        return new Draft(text, summary);
    }

    private static void side(FeatureLines features, ColumnProfile key, Optional<RawTable> table, FieldGroup group) {
        features.addKey(key, group);
        table.ifPresent(rows -> rows.columns().stream()
                .filter(column -> !column.name().equals(key.name()))
                .forEach(column -> features.add(column, group, false)));
    }

    private static String shown(Optional<Roles.Guess> guess) {
        return guess.map(found -> found.column().name()).orElse("-");
    }
}
