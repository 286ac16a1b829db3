package io.deepfm.scoring.saved;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import io.deepfm.data.StageSql;
import io.deepfm.data.encode.Encoders;
import io.deepfm.data.encode.FieldEncoder;
import io.deepfm.data.quarantine.Quarantine;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.TableSource;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Checksums;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a model's folder holds of the data that the model was trained on: how to read the dataset's files, the encoders,
 * and all users and items, encoded. It makes the model's input of raw rows, with the code that made it for training.
 *
 * <p>Encoded features are one struct column per group: an int per sparse field, a float per dense field, an array of int
 * per sequence, in the schema's order. Where a user or item is unknown, or a group has no fields, the
 * struct is null, which means code 0 everywhere.
 */
public final class SavedDataset {

    /** The line a row of a file stands on, from 1; of several files, counted over all in the order of their names (long). */
    public static final String LINE = "line";
    /** The raw columns of an interaction (struct). */
    public static final String RAW = "raw";
    /** Whether a user is neither one of the model nor of a file that was given (boolean). */
    public static final String UNKNOWN_USER = "unknown_user";
    /** Whether an item is neither one of the model nor of a file that was given (boolean). */
    public static final String UNKNOWN_ITEM = "unknown_item";

    private final SparkSession spark;
    private final Storage storage;
    private final Path folder;
    private final DatasetDefinition definition;
    private final Encoders encoders;
    private final Optional<String> historyFile;
    private final SavedTables tables;

    private SavedDataset(
            SparkSession spark,
            Storage storage,
            Path folder,
            DatasetDefinition definition,
            Encoders encoders,
            Optional<String> historyFile) {
        this.spark = spark;
        this.storage = storage;
        this.folder = folder;
        this.definition = definition;
        this.encoders = encoders;
        this.historyFile = historyFile;
        this.tables = new SavedTables(spark, storage, folder, definition, encoders);
    }

    /**
     * The same dataset with other histories.
     *
     * @param file interactions in the dataset's own format in the place of those that the model keeps; of these where it is
     *     empty
     * @return a dataset
     * @throws DataException if there is a file but the model has no use for it
     */
    public SavedDataset withHistory(Optional<String> file) {
        file.filter(name -> definition.histories().isEmpty()).ifPresent(name -> {
            throw new DataException(name + " cannot be used: the model has no features of its users' histories.");
        });
        return new SavedDataset(spark, storage, folder, definition, encoders, file);
    }

    /**
     * Opens a model's folder.
     *
     * @param spark the session, which takes the dataset's time zone
     * @param storage the file systems
     * @param folder the model's folder
     * @param schema the model's fields
     * @return its dataset
     * @throws DataException if the folder has no dataset, or one that cannot be read or that does not make these fields
     */
    public static SavedDataset read(SparkSession spark, Storage storage, Path folder, DatasetSchema schema) {
        for (String part : Tables.ENCODED_PARTS) {
            if (!storage.exists(new Path(folder, part))) {
                throw new DataException("The model's folder " + folder + " has no " + part + ". Name the folder of a"
                        + " trained model, and train again if an earlier version wrote it.");
            }
        }
        Checksums.verify(storage, folder);
        Path file = new Path(folder, Tables.DATASET_FILE);
        try {
            DatasetDefinition definition = DatasetDefinition.fromJson(storage.readString(file), file.toString());
            Encoders encoders = new Encoders(
                    definition, FieldEncoder.fromJson(storage.readString(new Path(folder, Tables.ENCODERS_FILE))));
            if (!encoders.schema(definition.labelField()).equals(schema)) {
                throw new IllegalArgumentException("they do not match the model's schema.json");
            }
            StageSql.setTimeZone(spark, definition);
            return new SavedDataset(spark, storage, folder, definition, encoders, Optional.empty());
        } catch (ConfigException e) {
            throw new DataException("Cannot read " + file + ": " + e.getMessage() + " Train again.", e);
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    "Cannot use " + new Path(folder, Tables.ENCODERS_FILE) + ": " + e.getMessage() + ". Train again.",
                    e);
        }
    }

    /**
     * The name of the column with a group's encoded features.
     *
     * @param group the group
     * @return a struct column
     */
    public static String features(FieldGroup group) {
        return switch (group) {
            case USER -> "user_features";
            case ITEM -> "item_features";
            case CONTEXT -> "context_features";
        };
    }

    /**
     * Reads interactions in the dataset's own format and finds the features of their users and items. Columns that neither
     * a key nor a context feature needs, such as the label's, may be missing: those at the end of the lines, or, in files
     * that name their columns, any.
     *
     * @param file any Hadoop path
     * @param users a file of users beside those of the model or in their place, if any
     * @param items a file of items beside those of the model or in their place, if any
     * @return {@value #LINE}, {@value #RAW} and the three groups' features; where the dataset has users and items, also
     *     {@value #UNKNOWN_USER} and {@value #UNKNOWN_ITEM}
     * @throws DataException if a file cannot be read; the message names file, line, column and value
     */
    public Dataset<Row> interactions(String file, Optional<String> users, Optional<String> items) {
        TableReader reader = new TableReader(spark, storage);
        // Each row that is given gets its answer, and may lack the columns of a condition.
        TableSource source =
                reader.present(tables.at(file, definition.interactions().withoutWhere()), keys());
        String[] names = reader.schema(source).fieldNames();
        if (!List.of(names).containsAll(keys())) {
            throw unfit(file, names, null);
        }
        Dataset<Row> rows = Quarantine.requireGood(reader.read(source, keys()).rows());
        Column raw = struct(
                Arrays.stream(names).map(name -> col(TableReader.quoted(name))).toArray(Column[]::new));
        try {
            return encoded(
                    rows.withColumn(RAW, raw),
                    List.of(col(TableReader.ROW).plus(1).as(LINE), col(RAW)),
                    users,
                    items);
        } catch (Exception e) {
            // Scala does not declare it.
            if (e instanceof AnalysisException) {
                throw unfit(file, names, e);
            }
            throw e;
        }
    }

    /**
     * Finds the features of interactions that are no file's.
     *
     * @param rows the dataset's columns of interactions, as far as keys and context features need them, and {@value #RAW}
     * @return {@value #RAW}, the three groups' features and the marks, as for a file
     * @throws DataException if a column is missing
     */
    public Dataset<Row> interactions(Dataset<Row> rows) {
        try {
            return encoded(rows, List.of(col(RAW)), Optional.empty(), Optional.empty());
        } catch (Exception e) {
            if (e instanceof AnalysisException) {
                throw unfit("The input", rows.drop(RAW).columns(), e);
            }
            throw e;
        }
    }

    private Dataset<Row> encoded(Dataset<Row> rows, List<Column> kept, Optional<String> users, Optional<String> items) {
        Dataset<Row> withHistories =
                definition.histories().isEmpty() ? rows : history().ofInteractions(rows);
        List<Column> columns = new ArrayList<>(kept);
        columns.add(SavedTables.key(definition.user()).as(Tables.USER_KEY));
        columns.add(SavedTables.key(definition.item()).as(Tables.ITEM_KEY));
        columns.add(keyFeatures(rows, definition.users(), FieldGroup.USER));
        columns.add(keyFeatures(rows, definition.items(), FieldGroup.ITEM));
        columns.add(tables.features(rows, FieldGroup.CONTEXT));
        Dataset<Row> known = withHistories.select(columns.toArray(Column[]::new));
        return withTable(withTable(known, FieldGroup.USER, users), FieldGroup.ITEM, items)
                .drop(Tables.USER_KEY, Tables.ITEM_KEY);
    }

    /**
     * Adds what is known of an interaction that has not taken place: its user's history.
     *
     * @param users with their keys
     * @return these with the context's features
     */
    public Dataset<Row> withContexts(Dataset<Row> users) {
        boolean hasHistories = !definition.histories().isEmpty();
        Dataset<Row> known = hasHistories ? history().ofUsers(users) : users;
        List<Column> columns = hasHistories ? SavedHistory.contexts(definition, encoders, known) : List.of();
        return known.withColumn(features(FieldGroup.CONTEXT), SavedTables.asStruct(columns, FieldGroup.CONTEXT));
    }

    private SavedHistory history() {
        return historyFile
                .map(file -> tables.at(file, definition.interactions()))
                .map(source -> SavedHistory.of(
                        definition,
                        Quarantine.requireGood(new TableReader(spark, storage)
                                .read(source, keys())
                                .rows()),
                        source.path(),
                        encoders))
                .orElseGet(() -> SavedHistory.kept(spark, storage, folder, definition));
    }

    private DataException unfit(String file, String[] names, Exception cause) {
        List<String> context = definition.features(FieldGroup.CONTEXT).stream()
                .filter(feature -> feature.history().isEmpty())
                .map(feature -> feature.expressionOrName().text())
                .toList();
        return new DataException(
                file + " has the columns " + List.of(names) + ". It must have the keys " + keys()
                        + " and the columns of the context features: " + context + ".",
                cause);
    }

    /** Where there is no table of users (or items), their features follow from the key. */
    private Column keyFeatures(Dataset<Row> rows, Optional<TableSource> source, FieldGroup group) {
        return source.isEmpty() ? tables.features(rows, group) : SavedTables.asStruct(List.of(), group);
    }

    /** With the features of a group from its table, if it has one, and whether the key is known. */
    private Dataset<Row> withTable(Dataset<Row> rows, FieldGroup group, Optional<String> file) {
        boolean isUsers = group == FieldGroup.USER;
        String key = isUsers ? Tables.USER_KEY : Tables.ITEM_KEY;
        String unknown = isUsers ? UNKNOWN_USER : UNKNOWN_ITEM;
        if ((isUsers ? definition.users() : definition.items()).isEmpty()) {
            file.ifPresent(name -> {
                throw new DataException(name
                        + " cannot be used: the model's dataset has no table of "
                        + group.name().toLowerCase(Locale.ROOT) + "s; their features follow from the key alone.");
            });
            return definition.hasUsersAndItems()
                    ? marked(rows, (isUsers ? tables.savedUsers() : tables.savedItems()).select(key), key, unknown)
                    : rows;
        }
        return marked(rows.drop(features(group)), isUsers ? tables.users(file) : tables.items(file), key, unknown);
    }

    private static Dataset<Row> marked(Dataset<Row> rows, Dataset<Row> known, String key, String unknown) {
        return rows.join(known.withColumn(unknown, lit(false)), new String[] {key}, "left")
                .withColumn(unknown, coalesce(col(unknown), lit(true)));
    }

    /**
     * What the model was trained on.
     *
     * @return the dataset, with the columns of its sources
     */
    public DatasetDefinition definition() {
        return definition;
    }

    /**
     * The users and items.
     *
     * @return those of the model and those of files
     */
    public SavedTables tables() {
        return tables;
    }

    /**
     * The field whose vectors tell items apart.
     *
     * @return the sparse field that is the item's key
     * @throws DataException if the model has none
     */
    public String itemField() {
        return definition
                .itemFeature()
                .orElseThrow(() -> new DataException("The model " + folder + " has no vector for each item: none of its"
                        + " features is sparse and the items' key."))
                .name()
                .text();
    }

    private List<String> keys() {
        return Stream.of(definition.user(), definition.item())
                .flatMap(Optional::stream)
                .map(Located::text)
                .toList();
    }

    /**
     * Adds what is not recommended to users.
     *
     * @param users with their indices, null where the model does not know them
     * @param isIncluded whether they may get again what they have interacted with
     * @return these with the items' indices to leave out, null for none
     */
    public Dataset<Row> withSeen(Dataset<Row> users, boolean isIncluded) {
        return isIncluded
                ? users.withColumn(Tables.ITEM_INDICES, lit(null).cast("array<int>"))
                : users.join(seen(), new String[] {Tables.USER_INDEX}, "left");
    }

    /**
     * The items that the model's users have interacted with, in any split.
     *
     * @return the user's index and the items' indices in ascending order
     */
    public Dataset<Row> seen() {
        return ParquetTables.read(spark, new Path(folder, Tables.SEEN)).toDF(Tables.USER_INDEX, Tables.ITEM_INDICES);
    }
}
