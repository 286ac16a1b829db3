package io.deepfm.dataset;

import io.deepfm.config.Located;
import io.deepfm.config.Require;
import java.util.Optional;

/**
 * What a feature takes from the interactions that its user had before: of each user in the order of time, and where times are
 * equal in the order of the raw files. An interaction never sees itself or a later one.
 *
 * @param of what it takes
 * @param last item: at most so many items, the latest
 * @param where Spark SQL over the interactions' columns and the label, by its name: only those count for which it is true
 * @param table item: whose embedding table the items are looked up in; that of the item's own feature where not given
 */
public record HistoryDefinition(Of of, Optional<Integer> last, Optional<Located> where, Optional<Table> table) {

    /** What a history takes. */
    public enum Of {
        /** The items, the latest first, with the ids that they have as items. */
        ITEM,
        /** The time since the latest, in the unit of the dataset's time; of a timestamp microseconds. */
        GAP,
        /** How many there were. */
        COUNT
    }

    /** Whose embedding table items are looked up in. */
    public enum Table {
        /** That of the feature of the item itself. */
        ITEM,
        /** One of this feature's own, over the same ids. */
        OWN
    }

    /** Checks that the parts fit each other. */
    public HistoryDefinition {
        boolean items = of == Of.ITEM;
        Require.fit(last.isPresent() || !items, java.util.List.of("of"), "= item requires last: the most items");
        Require.that(last.isEmpty() || items, "last", "requires of = item");
        Require.that(table.isEmpty() || items, "table", "requires of = item");
        last.ifPresent(most -> Require.atLeast("last", most, 1));
    }

    /**
     * Whether the history is a list of items.
     *
     * @return false for a number
     */
    public boolean isOfItems() {
        return of == Of.ITEM;
    }

    /**
     * Whether the items are looked up in the table of the item's own feature.
     *
     * @return true for a list of items, unless its table is its own
     */
    public boolean sharesTable() {
        return isOfItems() && table.orElse(Table.ITEM) == Table.ITEM;
    }
}
