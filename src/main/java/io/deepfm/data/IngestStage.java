package io.deepfm.data;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.DatasetDefinition;
import io.deepfm.config.Located;
import io.deepfm.config.Redaction;
import io.deepfm.config.TableSource;
import io.deepfm.schema.FieldGroup;
import io.deepfm.storage.Fingerprint;
import io.deepfm.storage.Stage;
import io.deepfm.storage.Storage;
import io.deepfm.storage.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Raw files to the tables {@code interactions}, {@code users} and {@code items}, checked against each other; rows that
 * cannot be used go to {@code quarantine}.
 *
 * <p>Users and items get row numbers 0, 1, ... in the order of their files, or of their first interaction where they have
 * no files. An interaction is identified by its place in the raw files and holds the row numbers of its user and item.
 * All raw columns stay, for the features to be computed from. A dataset without users and items has one of each, without
 * features.
 */
public final class IngestStage implements Stage {

    /** The rows that were set aside, within the work directory. */
    public static final String QUARANTINE = "quarantine";

    /** More rows than one raw file holds, so that the interactions of several sources have different numbers. */
    private static final long SOURCE_STRIDE = 1L << 44;

    private final SparkSession spark;
    private final Storage storage;
    private final DatasetDefinition dataset;
    private final double maxBadRows;
    private final TableReader reader;

    /**
     * @param spark the session
     * @param storage the file systems
     * @param dataset what to read
     * @param maxBadRows the largest share of a table's rows that may be set aside
     */
    public IngestStage(SparkSession spark, Storage storage, DatasetDefinition dataset, double maxBadRows) {
        this.spark = spark;
        this.storage = storage;
        this.dataset = dataset;
        this.maxBadRows = maxBadRows;
        this.reader = new TableReader(spark, storage);
    }

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public List<String> outputs() {
        return List.of(Tables.INTERACTIONS, Tables.USERS, Tables.ITEMS, QUARANTINE);
    }

    @Override
    public Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        sources().forEach((name, source) -> inputs.put(name, RawFiles.digest(storage, source)));
        return inputs;
    }

    @Override
    public Fingerprint settings() {
        Fingerprint settings = new Fingerprint();
        // Where the files are does not matter, and the features are the encoders' concern.
        sources()
                .forEach((name, source) -> settings.add(
                        name,
                        List.of(
                                source.format(),
                                source.delimiterOrDefault(),
                                source.quoteOrDefault(),
                                source.header(),
                                source.encoding(),
                                source.columns(),
                                // A new password does not make other rows.
                                Redaction.without(source.options()))));
        return settings.add("keys", List.of(dataset.user(), dataset.item(), dataset.time()))
                .add("label", dataset.label())
                .add("max_bad_rows", maxBadRows)
                .addCode(IngestStage.class, TableReader.class, DelimitedReader.class, Quarantine.class);
    }

    private Map<String, TableSource> sources() {
        Map<String, TableSource> sources = new LinkedHashMap<>();
        sources.put(Tables.INTERACTIONS, dataset.interactions());
        dataset.validation().ifPresent(source -> sources.put(Tables.VALIDATION, source));
        dataset.test().ifPresent(source -> sources.put(Tables.TEST, source));
        dataset.users().ifPresent(source -> sources.put(Tables.USERS, source));
        dataset.items().ifPresent(source -> sources.put(Tables.ITEMS, source));
        return sources;
    }

    @Override
    public Map<String, Long> run(Path target) {
        DatasetCheck check = new DatasetCheck(spark, reader, dataset);
        check.columns();
        Quarantine quarantine = new Quarantine(new Path(target, QUARANTINE), maxBadRows);
        storage.makeWritable(new Path(target, QUARANTINE));
        Staging staging = new Staging(new Path(target, "staging"));
        Dataset<Row> raw = quarantine.keepGood(staging.keep(interactions(), "raw"), Tables.INTERACTIONS);
        Dataset<Row> users = table(FieldGroup.USER, dataset.users(), dataset.user(), raw, quarantine, staging);
        Dataset<Row> items = table(FieldGroup.ITEM, dataset.items(), dataset.item(), raw, quarantine, staging);
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put(Tables.USERS, ParquetTables.write(users, new Path(target, Tables.USERS)));
        rows.put(Tables.ITEMS, ParquetTables.write(items, new Path(target, Tables.ITEMS)));
        Dataset<Row> linked = linked(
                raw,
                ParquetTables.read(spark, new Path(target, Tables.USERS)),
                ParquetTables.read(spark, new Path(target, Tables.ITEMS)));
        Dataset<Row> good = quarantine.keepGood(staging.keep(linked, "linked"), Tables.INTERACTIONS);
        check.label(good);
        rows.put(
                Tables.INTERACTIONS,
                ParquetTables.write(
                        good.drop(TableReader.FILE, TableReader.LINE, TableReader.ROW)
                                .withColumn(Tables.LABEL, col(Tables.LABEL).cast("int")),
                        new Path(target, Tables.INTERACTIONS)));
        rows.putAll(quarantine.counts());
        return rows;
    }

    /** What several checks read is read from the raw files once. */
    private record Staging(Path folder) {
        Dataset<Row> keep(Dataset<Row> rows, String name) {
            Path path = new Path(folder, name);
            rows.write().parquet(path.toString());
            return ParquetTables.read(rows.sparkSession(), path);
        }
    }

    /** The raw interactions of all sources, with the split they belong to where that is predefined. */
    private Dataset<Row> interactions() {
        List<String> required = new ArrayList<>();
        dataset.user().ifPresent(user -> required.add(user.text()));
        dataset.item().ifPresent(item -> required.add(item.text()));
        List<TableSource> sources = new ArrayList<>(List.of(dataset.interactions()));
        dataset.validation().ifPresent(sources::add);
        dataset.test().ifPresent(sources::add);
        Dataset<Row> all = null;
        for (int i = 0; i < sources.size(); i++) {
            Dataset<Row> part = reader.read(sources.get(i), required)
                    .withColumn(Tables.INTERACTION, col(TableReader.ROW).plus(i * SOURCE_STRIDE + 1))
                    .withColumn(Tables.GIVEN_SPLIT, lit(Tables.SPLITS.get(i)));
            all = all == null ? part : all.unionByName(part);
        }
        return all;
    }

    private Dataset<Row> table(
            FieldGroup group,
            Optional<TableSource> source,
            Optional<Located> key,
            Dataset<Row> raw,
            Quarantine quarantine,
            Staging staging) {
        String name = group == FieldGroup.USER ? Tables.USERS : Tables.ITEMS;
        String row = group == FieldGroup.USER ? Tables.USER_ROW : Tables.ITEM_ROW;
        if (key.isEmpty()) {
            return spark.range(1).select(lit(0).as(row));
        }
        Column id = col(TableReader.quoted(key.get().text()));
        if (source.isEmpty()) {
            return numbered(
                    raw.groupBy(id.as(key.get().text()))
                            .agg(min(Tables.INTERACTION).as(TableReader.ROW)),
                    row);
        }
        Dataset<Row> read =
                staging.keep(reader.read(source.get(), List.of(key.get().text())), name + "-raw");
        Dataset<Row> unique = quarantine.keepGood(
                staging.keep(
                        quarantine.keepGood(read, name).withColumn(TableReader.PROBLEM, repeats(key.get())),
                        name + "-unique"),
                name);
        return numbered(unique.drop(TableReader.FILE, TableReader.LINE), row);
    }

    /** What is wrong with a row whose key an earlier row has. */
    static Column repeats(Located key) {
        Column id = col(TableReader.quoted(key.text()));
        WindowSpec same = Window.partitionBy(id).orderBy(TableReader.ROW);
        return when(
                row_number().over(same).gt(1),
                TableReader.problem(
                        "repeated",
                        concat(
                                lit("column " + key + " repeats the value "),
                                id.cast("string"),
                                lit(" of line "),
                                first(TableReader.LINE).over(same).cast("string"))));
    }

    /** Numbers rows in the order of {@link TableReader#ROW}. */
    private Dataset<Row> numbered(Dataset<Row> table, String rowColumn) {
        Dataset<Row> sorted = table.sort(TableReader.ROW).drop(TableReader.ROW);
        JavaRDD<Row> rows = sorted.javaRDD().zipWithIndex().map(pair -> {
            Object[] values = new Object[pair._1.length() + 1];
            values[0] = Math.toIntExact(pair._2);
            for (int i = 0; i < pair._1.length(); i++) {
                values[i + 1] = pair._1.get(i);
            }
            return RowFactory.create(values);
        });
        StructType schema = new StructType().add(rowColumn, DataTypes.IntegerType, false);
        for (var field : sorted.schema().fields()) {
            schema = schema.add(field);
        }
        return spark.createDataFrame(rows, schema);
    }

    /** Interactions with their user's and item's row numbers, label and time, and what is wrong with them. */
    private Dataset<Row> linked(Dataset<Row> raw, Dataset<Row> users, Dataset<Row> items) {
        List<Column> problems = new ArrayList<>();
        Dataset<Row> linked = raw;
        linked = link(linked, users, dataset.user(), dataset.users(), Tables.USER_ROW, problems);
        linked = link(linked, items, dataset.item(), dataset.items(), Tables.ITEM_ROW, problems);
        Column label = expr(dataset.label().map(Located::text).orElse("1"));
        Column time = dataset.time().map(text -> DatasetCheck.time(raw, text)).orElse(col(Tables.INTERACTION));
        Dataset<Row> labelled = linked.withColumn("_label", label).withColumn(Tables.TIME, time);
        problems.add(when(
                col("_label").isNull(),
                TableReader.problem(
                        "missing value",
                        lit("the label " + dataset.label().map(Located::text).orElse("") + " has no value"))));
        problems.add(when(
                col(Tables.TIME).isNull(),
                TableReader.problem(
                        "missing value",
                        lit("the time " + dataset.time().map(Located::text).orElse("") + " has no value"))));
        if (dataset.hasUsersAndItems()) {
            Column[] all = Arrays.stream(raw.columns())
                    .filter(name -> !List.of(TableReader.FILE, TableReader.LINE, TableReader.ROW, Tables.INTERACTION)
                            .contains(name))
                    .map(name -> col(TableReader.quoted(name)))
                    .toArray(Column[]::new);
            Column place = row_number().over(Window.partitionBy(all).orderBy(Tables.INTERACTION));
            labelled = labelled.withColumn("_place", place);
            problems.add(when(
                    col("_place").gt(1),
                    TableReader.problem("repeated", lit("repeats an earlier line, value by value"))));
        }
        return labelled.withColumn(TableReader.PROBLEM, TableReader.firstOf(problems))
                .withColumn(Tables.LABEL, col("_label").cast("double"))
                .drop("_label", "_place");
    }

    private static Dataset<Row> link(
            Dataset<Row> interactions,
            Dataset<Row> table,
            Optional<Located> key,
            Optional<TableSource> source,
            String rowColumn,
            List<Column> problems) {
        if (key.isEmpty()) {
            return interactions.withColumn(rowColumn, lit(0));
        }
        String name = key.get().text();
        Dataset<Row> rows = table.select(col(TableReader.quoted(name)).as("_key"), col(rowColumn));
        Column id = interactions.col(TableReader.quoted(name));
        String list =
                source.map(given -> new Path(given.path().text()).getName()).orElse("the table");
        problems.add(when(
                col(rowColumn).isNull(),
                TableReader.problem(
                        "unknown value",
                        concat(
                                lit("column " + name + " has the value "),
                                coalesce(col(TableReader.quoted(name)).cast("string"), lit("")),
                                lit(", which " + list + " does not list")))));
        return interactions.join(rows, id.equalTo(rows.col("_key")), "left").drop("_key");
    }
}
