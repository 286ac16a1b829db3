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
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

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
                .addCode(
                        IngestStage.class,
                        TableReader.class,
                        DelimitedReader.class,
                        DelimitedLine.class,
                        LineParser.class,
                        FormatReader.class,
                        RowNumbers.class);
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
        RawRows raw = interactions();
        Map<FieldGroup, RawRows> listed = listed();
        check.values(goodRows(raw, listed));
        if (dataset.hasUsersAndItems() && listed.size() < 2) {
            // The text is read once, although it has to be gone through more often.
            Path staged = new Path(target, "staged");
            raw.rows().write().parquet(staged.toString());
            raw = raw.map(rows -> ParquetTables.read(spark, staged));
        }
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put(Tables.USERS, writeTable(FieldGroup.USER, listed, raw, quarantine, target));
        rows.put(Tables.ITEMS, writeTable(FieldGroup.ITEM, listed, raw, quarantine, target));
        Dataset<Row> users = ParquetTables.read(spark, new Path(target, Tables.USERS));
        Dataset<Row> items = ParquetTables.read(spark, new Path(target, Tables.ITEMS));
        Path interactions = new Path(target, Tables.INTERACTIONS);
        rows.put(
                Tables.INTERACTIONS,
                quarantine.write(
                        linked(raw, users, items),
                        Tables.INTERACTIONS,
                        good -> good.drop(TableReader.FILE, TableReader.LINE, TableReader.ROW),
                        interactions));
        rows.putAll(quarantine.counts());
        return rows;
    }

    /** The raw interactions of all sources, with the split they belong to where that is predefined. */
    private RawRows interactions() {
        List<String> required = new ArrayList<>();
        dataset.user().ifPresent(user -> required.add(user.text()));
        dataset.item().ifPresent(item -> required.add(item.text()));
        List<TableSource> sources = new ArrayList<>(List.of(dataset.interactions()));
        dataset.validation().ifPresent(sources::add);
        dataset.test().ifPresent(sources::add);
        Dataset<Row> all = null;
        long count = 0;
        for (int i = 0; i < sources.size(); i++) {
            RawRows part = reader.read(sources.get(i), required);
            Dataset<Row> rows = part.rows()
                    .withColumn(Tables.INTERACTION, col(TableReader.ROW).plus(i * SOURCE_STRIDE + 1))
                    .withColumn(Tables.SPLIT_NAME, lit(Tables.SPLITS.get(i)));
            all = all == null ? rows : all.unionByName(rows);
            count += part.count();
        }
        return new RawRows(all, count);
    }

    /** The users and items of which there are files. */
    private Map<FieldGroup, RawRows> listed() {
        Map<FieldGroup, RawRows> listed = new EnumMap<>(FieldGroup.class);
        dataset.users().ifPresent(source -> listed.put(FieldGroup.USER, listed(source, dataset.user())));
        dataset.items().ifPresent(source -> listed.put(FieldGroup.ITEM, listed(source, dataset.item())));
        return listed;
    }

    private RawRows listed(TableSource source, Optional<Located> key) {
        Located id = key.orElseThrow();
        return reader.read(source, List.of(id.text())).check(List.of(repeats(id)));
    }

    private static Map<FieldGroup, Dataset<Row>> goodRows(RawRows interactions, Map<FieldGroup, RawRows> listed) {
        Map<FieldGroup, Dataset<Row>> good = new EnumMap<>(FieldGroup.class);
        listed.forEach((group, table) -> good.put(group, Quarantine.good(table.rows())));
        good.put(FieldGroup.CONTEXT, Quarantine.good(interactions.rows()));
        return good;
    }

    private long writeTable(
            FieldGroup group,
            Map<FieldGroup, RawRows> listed,
            RawRows interactions,
            Quarantine quarantine,
            Path target) {
        boolean isUsers = group == FieldGroup.USER;
        Optional<Located> key = isUsers ? dataset.user() : dataset.item();
        String name = isUsers ? Tables.USERS : Tables.ITEMS;
        String row = isUsers ? Tables.USER_ROW : Tables.ITEM_ROW;
        Path path = new Path(target, name);
        if (key.isEmpty()) {
            return ParquetTables.write(spark.range(1).select(lit(0).as(row)), path);
        }
        if (!listed.containsKey(group)) {
            String id = key.get().text();
            Dataset<Row> first = Quarantine.good(interactions.rows())
                    .groupBy(col(TableReader.quoted(id)).as(id))
                    .agg(min(Tables.INTERACTION).as(TableReader.ROW));
            return ParquetTables.write(numbered(first, row), path);
        }
        return quarantine.write(
                listed.get(group), name, good -> numbered(good.drop(TableReader.FILE, TableReader.LINE), row), path);
    }

    /** What is wrong with a row whose key an earlier good row has. */
    static Column repeats(Located key) {
        Column id = col(TableReader.quoted(key.text()));
        WindowSpec same =
                Window.partitionBy(id, col(TableReader.PROBLEM).isNull()).orderBy(TableReader.ROW);
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

    /** Numbers users or items in the order of {@link TableReader#ROW}. */
    private static Dataset<Row> numbered(Dataset<Row> table, String rowColumn) {
        List<Column> columns = new ArrayList<>();
        columns.add(row_number().over(Window.orderBy(TableReader.ROW)).minus(1).as(rowColumn));
        for (String name : table.columns()) {
            if (!name.equals(TableReader.ROW)) {
                columns.add(col(TableReader.quoted(name)));
            }
        }
        return table.select(columns.toArray(Column[]::new));
    }

    /** Interactions with their user's and item's row numbers, label and time, and what is wrong with them. */
    private RawRows linked(RawRows raw, Dataset<Row> users, Dataset<Row> items) {
        List<Column> problems = new ArrayList<>();
        Column label = expr(dataset.label().map(Located::text).orElse("1"));
        Column time =
                dataset.time().map(text -> DatasetCheck.time(raw.rows(), text)).orElse(col(Tables.INTERACTION));
        RawRows linked = raw.map(rows -> {
            Dataset<Row> withUsers = link(rows, users, dataset.user(), dataset.users(), Tables.USER_ROW, problems);
            return link(withUsers, items, dataset.item(), dataset.items(), Tables.ITEM_ROW, problems)
                    .withColumn(Tables.RAW_LABEL, label.cast("double"))
                    .withColumn(Tables.TIME, time);
        });
        problems.add(missing(Tables.RAW_LABEL, "label", dataset.label()));
        problems.add(missing(Tables.TIME, "time", dataset.time()));
        if (dataset.hasUsersAndItems()) {
            problems.add(when(
                    row_number()
                            .over(Window.partitionBy(comparable(raw.rows())).orderBy(Tables.INTERACTION))
                            .gt(1),
                    TableReader.problem("repeated", lit("repeats an earlier line, value by value"))));
        }
        return linked.check(problems);
    }

    private static Column missing(String column, String what, Optional<Located> expression) {
        String text = expression.map(Located::text).orElse("");
        return when(
                col(column).isNull(),
                TableReader.problem("missing value", lit("the " + what + " " + text + " has no value")));
    }

    /** What two rows must have in common to be the same: all raw columns, but for maps, which Spark cannot compare. */
    private static Column[] comparable(Dataset<Row> raw) {
        List<String> others =
                List.of(TableReader.FILE, TableReader.LINE, TableReader.ROW, TableReader.PROBLEM, Tables.INTERACTION);
        List<Column> columns = new ArrayList<>(List.of(col(TableReader.PROBLEM).isNull()));
        for (StructField field : raw.schema().fields()) {
            if (!others.contains(field.name()) && !(field.dataType() instanceof MapType)) {
                columns.add(col(TableReader.quoted(field.name())));
            }
        }
        return columns.toArray(Column[]::new);
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
