package io.deepfm.draft;

import io.deepfm.draft.table.ColumnProfile;
import io.deepfm.draft.table.RawTable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which columns of the interactions tell who, what, when and whether they liked it, and why it seems so.
 *
 * @param user the user's column, where there is an item's too
 * @param item the item's column
 * @param time what orders interactions
 * @param label what is predicted
 */
record Roles(Optional<Guess> user, Optional<Guess> item, Optional<Guess> time, Optional<Guess> label) {

    /** Where columns have no names, a table of more columns than this is a log, not a list of who took what. */
    private static final int MOST_UNNAMED = 8;

    private static final Pattern USER = named(
            "user|customer|member|visitor|client|account|buyer|reader|reviewer|player|person|who|cust|subscriber|uid");
    private static final Pattern ITEM = named(
            "item|product|movie|article|sku|asin|isbn|book|track|song|video|film|game|app|artist|business|restaurant|page"
                    + "|news|show|recipe|offer|listing|stockcode|what|iid");
    private static final Pattern TIME = Pattern.compile(
            "(unix|event|review|click|visit|order|view)?(timestamp|time|datetime|date)|ts|at|created(at)?"
                    + "|when|.*(ed|_)at");
    private static final Pattern LABEL =
            Pattern.compile("label|(is)?click(ed|s)?|target|y|(over)?all(rating)?|ratings?|stars?|score|(is)?liked?"
                    + "|purchased?|bought|converted|conversion|response");

    /**
     * A column and why it has its role.
     *
     * @param column the column
     * @param key the column of the users' or items' own table that identifies them; null without such a table
     * @param why for people
     */
    record Guess(ColumnProfile column, ColumnProfile key, String why) {}

    private static Pattern named(String nouns) {
        return Pattern.compile("(" + nouns + ")(id|key|no|number|code|hash|name)?");
    }

    static Roles of(RawTable interactions, Optional<RawTable> users, Optional<RawTable> items) {
        List<ColumnProfile> columns = interactions.columns();
        Optional<Guess> time = first(columns, TIME, ColumnProfile::isTime, "its name and values say so")
                .or(() -> best(columns, ColumnProfile::isTime, "its values are times"));
        List<ColumnProfile> rest = without(columns, time);
        // In a table without names nothing but the first place or a few small numbers tells of a label.
        Optional<Guess> label = first(
                        rest, LABEL, column -> column.isBinary() || column.isRating(), "its name and values say so")
                .or(() ->
                        best(rest.stream().limit(1).toList(), ColumnProfile::isBinary, "the first column, of 0 and 1"));
        List<ColumnProfile> keys =
                without(rest, label).stream().filter(ColumnProfile::isKeyLike).toList();
        boolean byPlace = interactions.isUnnamed() && columns.size() <= MOST_UNNAMED && keys.size() >= 2;
        Joins joins = Joins.of(keys, users, USER, items, ITEM);
        Optional<Guess> joined = joins.user().map(Joins.Join::guess);
        Optional<Guess> item = joins.item()
                .map(Joins.Join::guess)
                .or(() -> first(without(keys, joined), ITEM, ColumnProfile::isKeyLike, "its name says so"));
        List<ColumnProfile> others = without(keys, item);
        Optional<Guess> user = joined.or(() -> first(others, USER, ColumnProfile::isKeyLike, "its name says so"))
                .or(() -> byPlace ? guess(others.get(0), "the first column that repeats") : Optional.empty());
        List<ColumnProfile> left = without(others, user);
        Optional<Guess> what = item.or(() ->
                byPlace && !left.isEmpty() ? guess(left.get(0), "the column after the user's") : Optional.empty());
        boolean both = user.isPresent() && what.isPresent();
        Optional<Guess> rating = label.or(() -> both && interactions.isUnnamed()
                ? best(without(without(rest, user), what), ColumnProfile::isRating, "few numbers in a small range")
                : Optional.empty());
        return new Roles(both ? user : Optional.empty(), both ? what : Optional.empty(), time, rating);
    }

    private static Optional<Guess> guess(ColumnProfile column, String why) {
        return Optional.of(new Guess(column, null, why));
    }

    private static Optional<Guess> first(
            List<ColumnProfile> columns, Pattern names, Predicate<ColumnProfile> fits, String why) {
        return best(
                columns.stream()
                        .filter(column -> names.matcher(column.plainName()).matches()
                                || names.matcher(column.name().toLowerCase(Locale.ROOT))
                                        .matches())
                        .toList(),
                fits,
                why);
    }

    private static Optional<Guess> best(List<ColumnProfile> columns, Predicate<ColumnProfile> fits, String why) {
        return columns.stream().filter(fits).findFirst().flatMap(column -> guess(column, why));
    }

    private static List<ColumnProfile> without(List<ColumnProfile> columns, Optional<Guess> taken) {
        return columns.stream()
                .filter(column -> taken.map(guess -> guess.column() != column).orElse(true))
                .toList();
    }

    /** All columns with a role. */
    Stream<ColumnProfile> columns() {
        return Stream.of(user, item, time, label).flatMap(Optional::stream).map(Guess::column);
    }
}
