package io.deepfm.job.predict;

import static org.apache.spark.sql.functions.col;

import io.deepfm.config.ConfigException;
import io.deepfm.config.names.NearestName;
import io.deepfm.data.read.TableReader;
import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Session;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.Catalogue;
import io.deepfm.scoring.saved.SavedDataset;
import io.deepfm.scoring.task.Explanations;
import io.deepfm.storage.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Which items of a model may be recommended, and what is shown of them.
 *
 * @param file names the items: one key per line, or the dataset's own format; all items where it is empty
 * @param cold whether items that train never saw are among them
 * @param columns raw columns of the items
 */
public record ItemChoice(Optional<String> file, boolean cold, List<String> columns) {

    /** Names that the results have themselves; the items' column of such a name stands beside it with a prefix. */
    private static final List<String> TAKEN = List.of(
            "user",
            "item",
            "similar_item",
            "probability",
            "cosine",
            "rank",
            Explanations.EXPLANATION,
            Explanations.LIKE);

    /**
     * The items.
     *
     * @param session who is told of keys that the model does not know
     * @param data the model's dataset
     * @param features the encoded features of all items
     * @return the catalogue
     * @throws DataException if none is left
     * @throws ConfigException if there is no column of a name
     */
    Catalogue of(Session session, SavedDataset data, FeatureTable features) {
        Dataset<Row> all = data.tables().savedItems().select(Tables.ITEM_INDEX, Tables.ITEM_KEY);
        Dataset<Row> shown = shown(all, data);
        if (file.isEmpty() && cold) {
            return new Catalogue(shown, IntStream.range(0, features.rows()).toArray(), features);
        }
        Dataset<Row> chosen =
                file.map(name -> named(name, all, session, data)).orElse(all).select(Tables.ITEM_INDEX);
        if (!cold) {
            chosen = chosen.join(
                    data.tables()
                            .catalogue()
                            .filter(col(Tables.TRAIN_INTERACTIONS).gt(0))
                            .select(Tables.ITEM_INDEX),
                    Tables.ITEM_INDEX);
        }
        int[] indices = chosen.as(Encoders.INT()).collectAsList().stream()
                .mapToInt(index -> index)
                .sorted()
                .toArray();
        if (indices.length == 0) {
            throw new DataException("No item is left to recommend"
                    + file.map(name -> ": of the items of " + name + " the model knows none")
                            .orElse("")
                    + (cold ? "." : ", or train saw none of them."));
        }
        return new Catalogue(shown, indices, features.rows(indices));
    }

    /**
     * The items of the model that a file names.
     *
     * @param file one key per line, or the dataset's own format
     * @param items the model's items: index and key
     * @param session who is told how many keys the model does not know
     * @param data the model's dataset
     * @return these with {@value SavedDataset#LINE}
     */
    static Dataset<Row> named(String file, Dataset<Row> items, Session session, SavedDataset data) {
        Dataset<Row> given = data.tables().itemKeysOf(file);
        Dataset<Row> known = given.join(items, Tables.ITEM_KEY);
        long unknown = given.count() - known.count();
        if (unknown > 0) {
            session.listener()
                    .onDetail(String.format(
                            Locale.ROOT, "%,d items of %s are ignored: the model does not know them", unknown, file));
        }
        return known;
    }

    private Dataset<Row> shown(Dataset<Row> all, SavedDataset data) {
        if (columns.isEmpty()) {
            return all;
        }
        Dataset<Row> catalogue = data.tables().catalogue();
        List<String> names = Arrays.stream(catalogue.columns())
                .filter(name -> !name.equals(Tables.ITEM_INDEX) && !name.equals(Tables.TRAIN_INTERACTIONS))
                .toList();
        List<Column> wanted = new ArrayList<>(List.of(col(Tables.ITEM_INDEX)));
        Set<String> seen = new HashSet<>();
        for (String name : columns) {
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                throw new ConfigException("--columns " + name + ": there twice. Name each column once.");
            }
            if (!names.contains(name)) {
                throw new ConfigException("--columns " + name + ": the items have no such column. Did you mean "
                        + NearestName.of(name, names) + "? There are " + String.join(", ", names) + ".");
            }
            wanted.add(col(TableReader.quoted(name))
                    .as(TAKEN.contains(name.toLowerCase(Locale.ROOT)) ? "item_" + name : name));
        }
        return all.join(catalogue.select(wanted.toArray(Column[]::new)), Tables.ITEM_INDEX);
    }
}
