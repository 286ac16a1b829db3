package io.deepfm.data;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;

import io.deepfm.config.ConfigLoader;
import io.deepfm.config.Located;
import io.deepfm.data.encode.ConstantFeatures;
import io.deepfm.data.encode.EncoderFitter;
import io.deepfm.data.encode.Encoders;
import io.deepfm.data.encode.FieldEncoder;
import io.deepfm.data.encode.SizeCheck;
import io.deepfm.data.history.SplitHistories;
import io.deepfm.data.keys.KeyTable;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.SizeLimits;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Fits the encoders on train and encodes users, items and each split's interactions.
 *
 * <p>A user or item feature learns from the users or items that occur in train, each once; a context feature from the
 * training interactions. A dataset that the trainer cannot hold is refused here.
 */
public final class EncodeStage implements Stage {

    /** The schema of the encoded fields, within the work directory. */
    public static final String SCHEMA = "schema.json";
    /** The fitted encoders, within the work directory. */
    public static final String ENCODERS = Tables.ENCODED + "/" + Tables.ENCODERS_FILE;
    /** The dataset's definition, within the work directory. */
    public static final String DATASET = Tables.ENCODED + "/" + Tables.DATASET_FILE;
    /** The items each user has interacted with in any split, within the work directory. */
    public static final String SEEN = Tables.ENCODED + "/" + Tables.SEEN;

    private final SparkSession spark;
    private final WorkDirectory work;
    private final DatasetDefinition dataset;

    /**
     * @param spark the session
     * @param work holds the ingested tables and the split
     * @param dataset the features
     */
    public EncodeStage(SparkSession spark, WorkDirectory work, DatasetDefinition dataset) {
        this.spark = spark;
        this.work = work;
        this.dataset = dataset;
    }

    /**
     * The schema of the encoded tables.
     *
     * @param work holds the stage's output
     * @return what the stage wrote
     * @throws DataException if it cannot be read
     */
    public static DatasetSchema schema(WorkDirectory work) {
        Path file = work.path(SCHEMA);
        try {
            return DatasetSchema.fromJson(work.storage().readString(file));
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    frontEnd -> "Cannot read " + file + ": " + e.getMessage() + ". " + frontEnd.replace("encode"), e);
        }
    }

    /**
     * What is left of a dataset without the features that have one value at most in train.
     *
     * @param work holds the stage's output
     * @param dataset all features
     * @return the features that are encoded
     */
    public static DatasetDefinition left(WorkDirectory work, DatasetDefinition dataset) {
        return ConstantFeatures.of(work.require("encode", "encode")).leftOf(dataset);
    }

    @Override
    public String name() {
        return "encode";
    }

    @Override
    public List<String> outputs() {
        return List.of(Tables.ENCODED, SCHEMA);
    }

    @Override
    public Map<String, String> inputs() {
        return Map.of("split", work.require("split", "split").fingerprint());
    }

    @Override
    public Fingerprint settings() {
        return new Fingerprint()
                .add("features", dataset.features())
                .add("label", dataset.labelField())
                .add("time_zone", dataset.timeZone());
    }

    @Override
    public Map<String, Long> run(Path target) {
        Manifest ingested = IngestStage.require(work);
        Dataset<Row> interactions = ParquetTables.read(spark, work.path(Tables.INTERACTIONS));
        Dataset<Row> users = KeyTable.users(dataset).read(spark, work);
        Dataset<Row> items = KeyTable.items(dataset).read(spark, work);
        EncoderFitter fitter = new EncoderFitter();
        fit(fitter, users, items, split(Tables.TRAIN));
        Encoders withoutHistories = encoders(fitter, interactions, users, items);
        fitHistories(fitter, new SplitHistories(withoutHistories.dataset(), withoutHistories, this::split));
        Encoders encoders = encoders(fitter, interactions, users, items);
        DatasetDefinition left = encoders.dataset();
        SplitHistories splits = new SplitHistories(left, encoders, this::split);
        DatasetSchema schema = encoders.schema(dataset.labelField());
        SizeCheck.requireWeights(left, schema, SizeLimits.ofThisMachine());
        SizeCheck.requireRows(schema, FieldGroup.USER, Tables.USERS, ingested.rows(Tables.USERS));
        SizeCheck.requireRows(schema, FieldGroup.ITEM, Tables.ITEMS, ingested.rows(Tables.ITEMS));
        Map<String, Long> rows = new LinkedHashMap<>(fitter.constant().counts());
        rows.put(Tables.USERS, writeTable(encoders, users, FieldGroup.USER, target));
        rows.put(Tables.ITEMS, writeTable(encoders, items, FieldGroup.ITEM, target));
        for (String name : Tables.SPLITS) {
            rows.put(name, writeInteractions(encoders, splits.of(name), "interactions/" + name, target));
        }
        if (!left.histories().isEmpty()) {
            writeInteractions(encoders, splits.testSeeingTrain(), Tables.TEST_SEEING_TRAIN, target);
            ParquetTables.write(splits.kept(), new Path(target, Tables.ENCODED + "/" + Tables.HISTORY));
        }
        writeSeen(interactions, target);
        writeCatalogue(items, split(Tables.TRAIN), target);
        encoders.byField().forEach((field, encoder) -> {
            if (encoder instanceof FieldEncoder.Vocabulary vocabulary) {
                rows.put("vocabulary." + field, (long) vocabulary.values().size());
            }
        });
        write(new Path(target, ENCODERS), FieldEncoder.toJson(encoders.byField()));
        write(
                new Path(target, DATASET),
                ConfigLoader.toJson(left.withColumns(columns(interactions), columns(users), columns(items))));
        write(new Path(target, SCHEMA), schema.toJson());
        return rows;
    }

    /** The raw columns of a table. */
    private static String columns(Dataset<Row> table) {
        return new StructType(rawColumns(table).toArray(StructField[]::new)).toDDL();
    }

    private static List<StructField> rawColumns(Dataset<Row> table) {
        return Arrays.stream(table.schema().fields())
                .filter(field -> !field.name().startsWith("_") && !Tables.RESERVED_RAW.contains(field.name()))
                .toList();
    }

    /** Learns the encoders of all features but histories, of which those of items need them. */
    private void fit(EncoderFitter fitter, Dataset<Row> users, Dataset<Row> items, Dataset<Row> train) {
        fitter.fit(dataset.features(FieldGroup.USER), inTrain(users, train, Tables.USER_INDEX));
        fitter.fit(dataset.features(FieldGroup.ITEM), inTrain(items, train, Tables.ITEM_INDEX));
        List<FeatureDefinition> context = dataset.features(FieldGroup.CONTEXT).stream()
                .filter(feature -> feature.history().isEmpty())
                .toList();
        fitter.fit(context, train.withColumn(EncoderFitter.INTERACTIONS, functions.lit(1)));
    }

    private static void fitHistories(EncoderFitter fitter, SplitHistories splits) {
        List<FeatureDefinition> numbers = splits.dataset().histories().stream()
                .filter(feature -> !feature.isItemHistory())
                .toList();
        if (!numbers.isEmpty()) {
            fitter.fit(numbers, splits.of(Tables.TRAIN));
        }
    }

    /** The encoders so far, of the features that there is something to learn from. */
    private Encoders encoders(EncoderFitter fitter, Dataset<Row> interactions, Dataset<Row> users, Dataset<Row> items) {
        ConstantFeatures constant = fitter.constant();
        constant.requireSomeLeft(dataset, feature -> switch (feature.group()) {
            case USER -> users.schema();
            case ITEM -> items.schema();
            case CONTEXT -> interactions.schema();
        });
        return new Encoders(constant.leftOf(dataset), fitter.encoders());
    }

    private Dataset<Row> split(String name) {
        return ParquetTables.read(spark, work.path(Tables.SPLIT + "/" + name));
    }

    /** The rows of a table that occur in train, and how often. */
    private static Dataset<Row> inTrain(Dataset<Row> table, Dataset<Row> train, String key) {
        Dataset<Row> counts = train.groupBy(col(key).as("_key"))
                .agg(functions.count(functions.lit(1)).as(EncoderFitter.INTERACTIONS));
        return table.join(counts, table.col(key).equalTo(counts.col("_key"))).drop("_key");
    }

    /** With the raw keys, by which what is predicted for later finds its user and item. */
    private long writeTable(Encoders encoders, Dataset<Row> raw, FieldGroup group, Path target) {
        boolean users = group == FieldGroup.USER;
        List<Column> columns = new ArrayList<>(
                users
                        ? List.of(col(Tables.USER_INDEX), key(dataset.user()).as(Tables.USER_KEY))
                        : List.of(col(Tables.ITEM_INDEX), key(dataset.item()).as(Tables.ITEM_KEY)));
        columns.addAll(encoders.columns(raw, encoders.dataset().features(group)));
        String name = users ? Tables.USERS : Tables.ITEMS;
        return ParquetTables.write(
                raw.select(columns.toArray(Column[]::new)), new Path(target, Tables.ENCODED + "/" + name));
    }

    private static Column key(Optional<Located> name) {
        return name.map(key -> col(TableReader.quoted(key.text())))
                .orElse(functions.lit(null).cast("string"));
    }

    private long writeInteractions(Encoders encoders, Dataset<Row> raw, String table, Path target) {
        List<Column> columns = new ArrayList<>(List.of(
                col(Tables.INTERACTION),
                col(Tables.USER_INDEX),
                col(Tables.ITEM_INDEX),
                col(Tables.RAW_LABEL).cast("int").as(Tables.LABEL)));
        if (table.equals("interactions/" + Tables.TRAIN)
                && List.of(raw.columns()).contains(Tables.PAIR_COUNT)) {
            columns.add(col(Tables.PAIR_COUNT));
        }
        columns.addAll(encoders.columns(raw, encoders.dataset().features(FieldGroup.CONTEXT)));
        return ParquetTables.write(
                raw.select(columns.toArray(Column[]::new)), new Path(target, Tables.ENCODED + "/" + table));
    }

    private void writeSeen(Dataset<Row> interactions, Path target) {
        Dataset<Row> seen = interactions
                .groupBy(Tables.USER_INDEX)
                .agg(array_sort(collect_set(Tables.ITEM_INDEX)).as(Tables.ITEM_INDICES));
        ParquetTables.write(seen, new Path(target, SEEN));
    }

    private static void writeCatalogue(Dataset<Row> items, Dataset<Row> train, Path target) {
        Dataset<Row> counts =
                train.groupBy(Tables.ITEM_INDEX).agg(functions.count("*").as(Tables.TRAIN_INTERACTIONS));
        List<Column> columns = new ArrayList<>(List.of(
                col(Tables.ITEM_INDEX),
                coalesce(col(Tables.TRAIN_INTERACTIONS), functions.lit(0L)).as(Tables.TRAIN_INTERACTIONS)));
        rawColumns(items).forEach(field -> columns.add(col(TableReader.quoted(field.name()))));
        ParquetTables.write(
                items.join(counts, new String[] {Tables.ITEM_INDEX}, "left").select(columns.toArray(Column[]::new)),
                new Path(target, Tables.ENCODED + "/" + Tables.CATALOGUE));
    }

    private void write(Path path, String text) {
        work.storage().write(path, text);
    }
}
