package io.deepfm.draft;

import io.deepfm.draft.table.ColumnProfile;
import io.deepfm.draft.table.RawTable;
import io.deepfm.storage.DataException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which columns of the interactions hold the keys of the users' and the items' tables. They are found together, as ids of
 * users and of items often are the same small numbers: a column that might be both is the one that leaves more to the other.
 *
 * @param user the users' column; none without their table
 * @param item the items' column; none without their table
 */
record Joins(Optional<Join> user, Optional<Join> item) {

    private static final double SAME_NAME = 0.5;
    private static final double USUAL_NAME = 0.25;

    /**
     * A column, and the key that it has its values from.
     *
     * @param guess both, and why
     * @param fit how well they fit: most when all values are there, and all keys in use
     */
    record Join(Roles.Guess guess, double fit) {}

    /** The best for both; among equals the users' column comes first in the file. */
    static Joins of(
            List<ColumnProfile> columns,
            Optional<RawTable> users,
            Pattern userNames,
            Optional<RawTable> items,
            Pattern itemNames) {
        List<Optional<Join>> ofUsers = joins(columns, users, userNames, "users");
        List<Optional<Join>> ofItems = joins(columns, items, itemNames, "items");
        return ofUsers.stream()
                .flatMap(user -> ofItems.stream().map(item -> new Joins(user, item)))
                .filter(Joins::areOfTwoColumns)
                .max(Comparator.comparingDouble(Joins::fit))
                .orElseThrow(() -> new DataException(users.orElseThrow().path() + " and "
                        + items.orElseThrow().path()
                        + ": the same column of the interactions holds what a unique column"
                        + " of each holds, and no other does. Users and items need a column each."));
    }

    private boolean areOfTwoColumns() {
        return user.isEmpty()
                || item.isEmpty()
                || user.get().guess().column() != item.get().guess().column();
    }

    private double fit() {
        return Stream.of(user, item)
                .flatMap(Optional::stream)
                .mapToDouble(Join::fit)
                .sum();
    }

    /** All that are possible; without a table one that is none. */
    private static List<Optional<Join>> joins(
            List<ColumnProfile> columns, Optional<RawTable> table, Pattern names, String whose) {
        if (table.isEmpty()) {
            return List.of(Optional.empty());
        }
        RawTable rows = table.get();
        List<Optional<Join>> joins = columns.stream()
                .flatMap(column -> rows.columns().stream()
                        .filter(key -> rows.isWhole() ? key.isUnique() : key.distinct() > 0.99 * key.rows())
                        .filter(key -> column.within(key) > 0.5)
                        .map(key -> Optional.of(join(column, key, names, whose))))
                .toList();
        if (joins.isEmpty()) {
            throw new DataException(
                    rows.path() + ": no column without missing and repeated values holds what a column of"
                            + " the interactions holds, so nothing says which row belongs to which interaction. Its columns are "
                            + rows.columns().stream().map(ColumnProfile::name).collect(Collectors.joining(", "))
                            + ".");
        }
        return joins;
    }

    private static Join join(ColumnProfile column, ColumnProfile key, Pattern names, String whose) {
        double fit = column.within(key)
                + column.covers(key) / 2
                + (column.plainName().equals(key.plainName()) ? SAME_NAME : 0)
                + (names.matcher(column.plainName()).matches() ? USUAL_NAME : 0);
        String why = String.format(
                Locale.ROOT,
                "%.1f %% of its values are in the unique column %s of the %s",
                100 * column.within(key),
                key.name(),
                whose);
        return new Join(new Roles.Guess(column, key, why), fit);
    }
}
