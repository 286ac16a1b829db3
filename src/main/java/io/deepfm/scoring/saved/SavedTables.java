package io.deepfm.scoring.saved;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import io.deepfm.config.Located;
import io.deepfm.data.TablesStage;
import io.deepfm.data.encode.Encoders;
import io.deepfm.data.quarantine.Quarantine;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.TableSource;
import io.deepfm.dataset.TableSourceBuilder;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The users and items that a model's folder keeps, and those of files in the dataset's own format: their keys and encoded features.
 *
 * @param spark the session
 * @param storage the file systems
 * @param folder the model's folder
 * @param definition the dataset
 * @param encoders the model's
 */
public record SavedTables(
        SparkSession spark, Storage storage, Path folder, DatasetDefinition definition, Encoders encoders) {

    /**
     * The users of the model; those of a file come in addition, or in the place of the model's users of the same key.
     *
     * @param file a file in the dataset's own format, if any
     * @return the key and the features
     * @throws DataException if the file cannot be read; the message names file, line, column and value
     */
    public Dataset<Row> users(Optional<String> file) {
        return table(Tables.USER_KEY, savedUsers(), file.map(this::usersOf));
    }

    /**
     * The items of the model; those of a file come in addition, or in the place of the model's items of the same key.
     *
     * @param file a file in the dataset's own format, if any
     * @return the key and the features
     * @throws DataException if the file cannot be read; the message names file, line, column and value
     */
    public Dataset<Row> items(Optional<String> file) {
        return table(
                Tables.ITEM_KEY,
                savedItems(),
                file.map(name ->
                        encoded(name, definition.items(), definition.item(), Tables.ITEM_KEY, FieldGroup.ITEM)));
    }

    /**
     * The users of the model.
     *
     * @return the index, the key and the features
     */
    public Dataset<Row> savedUsers() {
        return saved(Tables.USERS, Tables.USER_INDEX, Tables.USER_KEY, FieldGroup.USER);
    }

    /**
     * The items of the model.
     *
     * @return the index, the key and the features
     */
    public Dataset<Row> savedItems() {
        return saved(Tables.ITEMS, Tables.ITEM_INDEX, Tables.ITEM_KEY, FieldGroup.ITEM);
    }

    /**
     * The users of a file, each of which stands on one line.
     *
     * @param file a file in the dataset's own format
     * @return {@value SavedDataset#LINE}, the key and the features
     * @throws DataException if the file cannot be read; the message names file, line, column and value
     */
    public Dataset<Row> usersOf(String file) {
        return encoded(file, definition.users(), definition.user(), Tables.USER_KEY, FieldGroup.USER);
    }

    /**
     * The items that a file names: one key per line, or items in the dataset's own format.
     *
     * @param file any Hadoop path
     * @return {@value SavedDataset#LINE} and the key, each key once
     * @throws DataException if the file cannot be read; the message names file, line, column and value
     */
    public Dataset<Row> itemKeysOf(String file) {
        TableSource source = at(
                file,
                definition
                        .items()
                        .filter(own -> !KeyFile.isOne(storage, file, own))
                        .orElseGet(() -> keysAlone(file, definition.item(), Tables.ITEM_KEY, FieldGroup.ITEM)));
        Located key = definition.item().orElseThrow();
        return Quarantine.requireGood(new TableReader(spark, storage)
                        .read(source, List.of(key.text()))
                        .rows())
                .select(
                        key(definition.item()).as(Tables.ITEM_KEY),
                        col(TableReader.ROW).plus(1).as(SavedDataset.LINE))
                .groupBy(Tables.ITEM_KEY)
                .agg(min(SavedDataset.LINE).as(SavedDataset.LINE));
    }

    /**
     * The raw columns of the model's items and how often each is in train.
     *
     * @return the index, {@value Tables#TRAIN_INTERACTIONS} and the raw columns
     * @throws DataException if an earlier version wrote the model, which kept none
     */
    public Dataset<Row> catalogue() {
        Path table = new Path(folder, Tables.CATALOGUE);
        if (!storage.exists(table)) {
            throw new DataException("The model's folder " + folder + " has no " + Tables.CATALOGUE
                    + ": an earlier version wrote it, without the items' columns and how often each was trained on. Train"
                    + " again, or leave out --columns and --cold-items.");
        }
        return ParquetTables.read(spark, table);
    }

    static Column key(Optional<Located> name) {
        return name.map(key -> col(TableReader.quoted(key.text())))
                .orElse(lit(null).cast("string"));
    }

    private static Dataset<Row> table(String key, Dataset<Row> saved, Optional<Dataset<Row>> given) {
        Dataset<Row> known = saved.drop(Tables.USER_INDEX, Tables.ITEM_INDEX);
        return given.map(rows ->
                        rows.drop(SavedDataset.LINE).unionByName(known.join(rows.select(key), key, "left_anti")))
                .orElse(known);
    }

    private Dataset<Row> saved(String table, String index, String key, FieldGroup group) {
        List<Column> columns = definition.features(group).stream()
                .map(feature -> col(feature.name().text()))
                .toList();
        Dataset<Row> rows = ParquetTables.read(spark, new Path(folder, table));
        // By its place, as earlier versions gave it another name.
        return rows.select(col(rows.columns()[0]).as(index), col(key), asStruct(columns, group));
    }

    private Dataset<Row> encoded(
            String file, Optional<TableSource> source, Optional<Located> rawKey, String key, FieldGroup group) {
        TableReader reader = new TableReader(spark, storage);
        Dataset<Row> unique = Quarantine.requireGood(reader.read(
                        at(file, source.orElseGet(() -> keysAlone(file, rawKey, key, group))),
                        List.of(rawKey.orElseThrow().text()))
                .check(List.of(TablesStage.repeats(rawKey.orElseThrow())))
                .rows());
        return unique.select(
                col(TableReader.ROW).plus(1).as(SavedDataset.LINE), key(rawKey).as(key), features(unique, group));
    }

    /** Where the dataset has no table of users (or items), a file of theirs has a key on each line. */
    private TableSource keysAlone(String file, Optional<Located> rawKey, String key, FieldGroup group) {
        if (rawKey.isEmpty()) {
            throw new DataException("The model's dataset has no " + group.name().toLowerCase(Locale.ROOT) + "s.");
        }
        String type = (group == FieldGroup.USER ? savedUsers() : savedItems())
                .schema()
                .apply(key)
                .dataType()
                .sql();
        return new TableSourceBuilder(Located.of(file), "csv")
                .encoding(definition.interactions().encoding())
                .columns(Optional.of(Located.of(TableReader.quoted(rawKey.get().text()) + " " + type)))
                .build();
    }

    Column features(Dataset<Row> raw, FieldGroup group) {
        return asStruct(encoders.columns(raw, definition.features(group)), group);
    }

    static Column asStruct(List<Column> columns, FieldGroup group) {
        // Spark knows no empty struct.
        Column features = columns.isEmpty() ? lit(null) : struct(columns.toArray(Column[]::new));
        return features.as(SavedDataset.features(group));
    }

    TableSource at(String file, TableSource source) {
        if (storage.matching(new Path(file)).isEmpty()) {
            throw new DataException("There is no file " + file + ".");
        }
        return source.withPath(Located.of(file));
    }
}
