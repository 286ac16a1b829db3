package io.deepfm.scoring;

import io.deepfm.data.read.TableReader;
import io.deepfm.inference.FeatureTable;
import io.deepfm.schema.Tables;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The items that may be recommended.
 *
 * @param shown for each item, and perhaps for others, its index, its key and what else of it is shown
 * @param indices the items' indices, ascending
 * @param features the items' encoded features, in the order of the indices
 */
public record Catalogue(Dataset<Row> shown, int[] indices, FeatureTable features) {

    /**
     * Where some items stand in the catalogue.
     *
     * @param indices the catalogue's
     * @param wanted indices of items, ascending
     * @return the places of those that are in it, ascending
     */
    static int[] places(int[] indices, int[] wanted) {
        return IntStream.of(wanted)
                .map(item -> Arrays.binarySearch(indices, item))
                .filter(place -> place >= 0)
                .toArray();
    }

    /** What a result holds: its own columns, in which the item's key is named, and what else is shown of the item. */
    Column[] columns(String key, List<String> before, List<String> after) {
        Stream<String> more = Arrays.stream(shown.columns())
                .filter(name -> !name.equals(Tables.ITEM_INDEX) && !name.equals(Tables.ITEM_KEY));
        return Stream.of(
                        before.stream().map(functions::col),
                        Stream.of(functions.col(Tables.ITEM_KEY).as(key)),
                        after.stream().map(functions::col),
                        more.map(name -> functions.col(TableReader.quoted(name))))
                .flatMap(columns -> columns)
                .toArray(Column[]::new);
    }
}
