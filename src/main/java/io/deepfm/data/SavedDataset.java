package io.deepfm.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.storage.Tables;
import java.util.List;
import java.util.Optional;
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

    /** The dataset's definition, within the folder. */
    public static final String DEFINITION = "dataset.json";
    /** The fitted encoders, within the folder. */
    public static final String ENCODERS = "encoders.json";
    /** The items each user has interacted with in any split, within the folder. */
    public static final String SEEN = "seen";
    /** The entries of the folder: those that {@link EncodeStage} writes under the same names. */
    public static final List<String> PARTS = List.of(Tables.USERS, Tables.ITEMS, SEEN, ENCODERS, DEFINITION);

    /** The line a row of a file stands on, from 1 (long). */
    public static final String LINE = DelimitedReader.LINE;
    /** The raw columns of an interaction (struct). */
    public static final String RAW = "raw";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final SparkSession spark;
    private final Storage storage;
    private final Path folder;
    private final DatasetDefinition definition;
    private final Encoders encoders;

    private SavedDataset(
            SparkSession spark, Storage storage, Path folder, DatasetDefinition definition, Encoders encoders) {
        this.spark = spark;
        this.storage = storage;
        this.folder = folder;
        this.definition = definition;
        this.encoders = encoders;
    }

    /**
     * Opens a model's folder.
     *
     * @param spark the session
     * @param storage the file systems
     * @param folder the model's folder
     * @param schema the model's fields
     * @return its dataset
     * @throws DataException if the folder has no dataset, or one that cannot be read or that does not make these fields
     */
    public static SavedDataset read(SparkSession spark, Storage storage, Path folder, DatasetSchema schema) {
        for (String part : PARTS) {
            if (!storage.exists(new Path(folder, part))) {
                throw new DataException("The model's folder " + folder + " has no " + part + ". Name the folder of a"
                        + " trained model with --checkpoint, and train again if an earlier version wrote it.");
            }
        }
        try {
            DatasetDefinition definition =
                    JSON.readValue(storage.readString(new Path(folder, DEFINITION)), DatasetDefinition.class);
            Encoders encoders = new Encoders(
                    definition.features(), FieldEncoder.fromJson(storage.readString(new Path(folder, ENCODERS))));
            if (!encoders.schema(definition.labelField()).equals(schema)) {
                throw new IllegalArgumentException("they do not make the fields of the model's schema.json");
            }
            return new SavedDataset(spark, storage, folder, definition, encoders);
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "Cannot read " + new Path(folder, DEFINITION) + ": " + e.getOriginalMessage() + ". Train again.",
                    e);
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    "Cannot use " + new Path(folder, ENCODERS) + ": " + e.getMessage() + ". Train again.", e);
        }
    }

    /**
     * Writes what {@link #read} reads as {@link #DEFINITION}.
     *
     * @param definition the dataset
     * @return a JSON object
     */
    static String toJson(DatasetDefinition definition) {
        try {
            return JSON.writeValueAsString(definition);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
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
     * Reads interactions in the dataset's own format. The columns at the end of the lines may be missing, such as the
     * label's, as far as neither a key nor a context feature needs them.
     *
     * @param file any Hadoop path
     * @return {@value #LINE}, {@value #RAW}, the user's and the item's key, the context's features
     * @throws DataException if the file cannot be read; the message names file, line, column and value
     */
    public Dataset<Row> interactions(String file) {
        TableSource all = at(file, definition.interactions());
        DelimitedReader reader = new DelimitedReader(spark, storage);
        TableSource source = shortened(all, reader.width(all));
        Dataset<Row> rows = reader.read(source);
        Column raw = struct(
                source.columns().stream().map(column -> col(column.name())).toArray(Column[]::new));
        try {
            return rows.select(
                    col(LINE),
                    raw.as(RAW),
                    col(definition.userKey()).as(Tables.USER_KEY),
                    col(definition.itemKey()).as(Tables.ITEM_KEY),
                    features(rows, FieldGroup.CONTEXT));
        } catch (Exception e) {
            // Scala does not declare it.
            if (e instanceof AnalysisException) {
                throw new DataException(
                        file + " has the columns "
                                + source.columns().stream()
                                        .map(TableSource.Column::name)
                                        .toList()
                                + ", of which the context features cannot be computed. Add the columns that follow: "
                                + all.columns().stream()
                                        .map(TableSource.Column::name)
                                        .toList() + ".",
                        e);
            }
            throw e;
        }
    }

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
                        encoded(at(name, definition.items()), definition.itemKey(), Tables.ITEM_KEY, FieldGroup.ITEM)));
    }

    /**
     * The users of the model.
     *
     * @return the row, the key and the features
     */
    public Dataset<Row> savedUsers() {
        return saved(Tables.USERS, Tables.USER_ROW, Tables.USER_KEY, FieldGroup.USER);
    }

    /**
     * The items of the model.
     *
     * @return the row, the key and the features
     */
    public Dataset<Row> savedItems() {
        return saved(Tables.ITEMS, Tables.ITEM_ROW, Tables.ITEM_KEY, FieldGroup.ITEM);
    }

    /**
     * The users of a file, each of which stands on one line.
     *
     * @param file a file in the dataset's own format
     * @return {@value #LINE}, the key and the features
     * @throws DataException if the file cannot be read; the message names file, line, column and value
     */
    public Dataset<Row> usersOf(String file) {
        return encoded(at(file, definition.users()), definition.userKey(), Tables.USER_KEY, FieldGroup.USER);
    }

    /**
     * The items that the model's users have interacted with, in any split.
     *
     * @return the user's row and the items' rows in ascending order
     */
    public Dataset<Row> seen() {
        return ParquetTables.read(spark, new Path(folder, SEEN));
    }

    private static Dataset<Row> table(String key, Dataset<Row> saved, Optional<Dataset<Row>> given) {
        Dataset<Row> known = saved.drop(Tables.USER_ROW, Tables.ITEM_ROW);
        return given.map(rows -> rows.drop(LINE).unionByName(known.join(rows.select(key), key, "left_anti")))
                .orElse(known);
    }

    private Dataset<Row> saved(String table, String row, String key, FieldGroup group) {
        List<Column> columns = definition.features(group).stream()
                .map(feature -> col(feature.name()))
                .toList();
        return ParquetTables.read(spark, new Path(folder, table)).select(col(row), col(key), asStruct(columns, group));
    }

    private Dataset<Row> encoded(TableSource source, String rawKey, String key, FieldGroup group) {
        Dataset<Row> rows = new DelimitedReader(spark, storage).read(source);
        IngestStage.refuseDuplicates(rows, rawKey, source.path());
        return rows.select(col(LINE), col(rawKey).as(key), features(rows, group));
    }

    private Column features(Dataset<Row> raw, FieldGroup group) {
        return asStruct(encoders.columns(raw, definition.features(group)), group);
    }

    private static Column asStruct(List<Column> columns, FieldGroup group) {
        // Spark knows no empty struct.
        Column features = columns.isEmpty() ? lit(null) : struct(columns.toArray(Column[]::new));
        return features.as(features(group));
    }

    private TableSource at(String file, TableSource source) {
        if (!storage.exists(new Path(file))) {
            throw new DataException("There is no file " + file + ".");
        }
        return new TableSource(file, source.delimiter(), source.charset(), source.columns());
    }

    /** The columns that a first line of this width has, where the keys are among them; else all. */
    private TableSource shortened(TableSource source, int width) {
        if (width >= source.columns().size()) {
            return source;
        }
        List<TableSource.Column> first = source.columns().subList(0, width);
        List<String> names = first.stream().map(TableSource.Column::name).toList();
        return names.containsAll(List.of(definition.userKey(), definition.itemKey()))
                ? new TableSource(source.path(), source.delimiter(), source.charset(), first)
                : source;
    }
}
