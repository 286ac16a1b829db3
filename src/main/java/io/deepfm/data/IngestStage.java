package io.deepfm.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.DataConfig;
import io.deepfm.config.Located;
import io.deepfm.data.encode.RawExpression;
import io.deepfm.data.keys.KeyTable;
import io.deepfm.data.keys.UnlistedKeys;
import io.deepfm.data.quarantine.Quarantine;
import io.deepfm.data.read.RawRows;
import io.deepfm.data.read.TableReader;
import io.deepfm.data.source.RawSources;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.TableSource;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Raw files to the table {@code interactions}, checked against users and items, and to {@code users} and {@code items} where
 * they have no files of their own; unusable rows are quarantined.
 *
 * <p>Users and items without files get indices 0, 1, ... in the order of their first interaction; those that a file does not
 * list get the indices after its own where they are kept. An interaction is
 * identified by its place in the raw files and holds the indices of its user and item. All raw columns stay, for the
 * features to be computed from. A dataset without users and items has one of each, without features.
 */
public final class IngestStage implements Stage {

    /** More rows than one raw file holds, so that the interactions of several sources have different numbers. */
    private static final long SOURCE_STRIDE = 1L << 44;

    private final SparkSession spark;
    private final TableReader reader;
    private final WorkDirectory work;
    private final DatasetDefinition dataset;
    private final double maxBadRows;
    private final Repeats repeats;
    private final RawSources sources;

    /**
     * @param spark the session
     * @param reader reads the raw files
     * @param work holds the users and items that have files
     * @param dataset what to read
     * @param config the largest share of a table's rows that may be quarantined, and what becomes of repeated ones
     * @throws io.deepfm.config.ConfigException if the dataset has nothing that the settings want not to be repeated
     */
    public IngestStage(
            SparkSession spark, TableReader reader, WorkDirectory work, DatasetDefinition dataset, DataConfig config) {
        this.spark = spark;
        this.reader = reader;
        this.work = work;
        this.dataset = dataset;
        this.maxBadRows = config.maxBadRows();
        this.repeats = Repeats.of(config, dataset);
        this.sources = RawSources.interactions(dataset);
    }

    /**
     * Requires that all raw tables are there.
     *
     * @param work holds them
     * @return what was said of the interactions, which depend on all others
     * @throws DataException if one is not, or not as it was written
     */
    public static Manifest require(WorkDirectory work) {
        work.require("tables", "ingest");
        return work.require("ingest", "ingest");
    }

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public List<String> outputs() {
        List<String> outputs =
                new ArrayList<>(List.of(Tables.INTERACTIONS, Quarantine.FOLDER + "/" + Tables.INTERACTIONS));
        if (dataset.users().isEmpty()) {
            outputs.add(Tables.USERS);
        }
        if (dataset.items().isEmpty()) {
            outputs.add(Tables.ITEMS);
        }
        if (KeyTable.users(dataset).mayBeUnlisted() || KeyTable.items(dataset).mayBeUnlisted()) {
            outputs.add(UnlistedKeys.FOLDER);
        }
        return outputs;
    }

    @Override
    public Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>(CheckStage.fingerprints(work, sources));
        inputs.put("tables", work.require("tables", "ingest").fingerprint());
        return inputs;
    }

    @Override
    public Fingerprint settings() {
        // The features are the encoders' concern.
        return sources.settings()
                .add("keys", List.of(dataset.user(), dataset.item(), dataset.time()))
                .add("missing", List.of(dataset.missingUsers(), dataset.missingItems()))
                .add("label", dataset.label())
                .add("time_zone", dataset.timeZone())
                .add("max_bad_rows", maxBadRows)
                .add("repeats", List.of(repeats.duplicates(), repeats.pairs()));
    }

    @Override
    public Map<String, Long> run(Path target) {
        Quarantine quarantine = new Quarantine(work.storage(), target, maxBadRows);
        RawRows raw = interactions();
        if (dataset.hasUsersAndItems()
                && (dataset.users().isEmpty() || dataset.items().isEmpty())) {
            // The text is read once, although it has to be gone through more often.
            Path staged = new Path(target, "staged");
            raw.rows().write().parquet(staged.toString());
            raw = raw.map(rows -> ParquetTables.read(spark, staged));
        }
        Map<String, Long> rows = new LinkedHashMap<>();
        List<KeyTable> tables = List.of(KeyTable.users(dataset), KeyTable.items(dataset));
        Dataset<Row> users = table(tables.get(0), raw, target, rows);
        Dataset<Row> items = table(tables.get(1), raw, target, rows);
        rows.put(
                Tables.INTERACTIONS,
                quarantine.write(
                        linked(raw, users, items),
                        Tables.INTERACTIONS,
                        good -> good.drop(TableReader.FILE, TableReader.LINE, TableReader.ROW),
                        new Path(target, Tables.INTERACTIONS)));
        new UnlistedKeys(spark, work, target).complete(tables, rows);
        rows.putAll(quarantine.counts());
        return rows;
    }

    /** The raw interactions of all sources, with the split they belong to where that is predefined. */
    private RawRows interactions() {
        RawRows all = interactions(dataset.interactions(), Tables.TRAIN);
        for (String split : List.of(Tables.VALIDATION, Tables.TEST)) {
            if (sources.byName().containsKey(split)) {
                RawRows part = interactions(sources.byName().get(split), split);
                // It may have more columns than train, but what train lacks no feature can be made of.
                Column[] columns = Stream.of(all.rows().columns())
                        .map(name -> col(TableReader.quoted(name)))
                        .toArray(Column[]::new);
                all = new RawRows(all.rows().unionByName(part.rows().select(columns)), all.count() + part.count());
            }
        }
        return all;
    }

    private RawRows interactions(TableSource source, String split) {
        long first = Tables.SPLITS.indexOf(split) * SOURCE_STRIDE + 1;
        return reader.read(source, RawSources.keys(dataset)).map(rows -> rows.withColumn(
                        Tables.INTERACTION, col(TableReader.ROW).plus(first))
                .withColumn(Tables.SPLIT_NAME, lit(split)));
    }

    /** The users or items, and their number: as they were read from their files, or else found in the interactions. */
    private Dataset<Row> table(KeyTable keys, RawRows interactions, Path target, Map<String, Long> rows) {
        if (keys.source().isPresent()) {
            rows.put(keys.name(), work.require("tables", "ingest").rows(keys.name()));
            return keys.listed(spark, work);
        }
        Path path = new Path(target, keys.name());
        rows.put(keys.name(), ParquetTables.write(keys.found(Quarantine.good(interactions.rows())), path));
        return ParquetTables.read(spark, path);
    }

    /** Interactions with their user's and item's indices, label and time, and what is wrong with them. */
    private RawRows linked(RawRows raw, Dataset<Row> users, Dataset<Row> items) {
        List<Column> problems = new ArrayList<>();
        Column label = expr(dataset.label().map(Located::text).orElse("1"));
        Column time = dataset.time()
                .map(text -> RawExpression.time(
                        raw.rows(), text, dataset.interactions().path()))
                .orElse(col(Tables.INTERACTION));
        RawRows linked = raw.map(rows -> {
            Dataset<Row> withUsers = KeyTable.users(dataset).link(rows, users, problems);
            return KeyTable.items(dataset)
                    .link(withUsers, items, problems)
                    .withColumn(Tables.RAW_LABEL, label.cast("double"))
                    .withColumn(Tables.TIME, time);
        });
        problems.add(when(
                col(Tables.RAW_LABEL).isNull().and(label.isNotNull()),
                TableReader.problem("no label", concat(lit("the label is '"), label.cast("string"), lit("'")))));
        problems.add(missing(Tables.RAW_LABEL, "label", dataset.label()));
        // The check found none, but files may have grown since.
        problems.add(when(
                col(Tables.RAW_LABEL).isin(0.0, 1.0).equalTo(false),
                TableReader.problem(
                        "no label",
                        concat(lit("the label is "), col(Tables.RAW_LABEL).cast("string")))));
        problems.add(missing(Tables.TIME, "time", dataset.time()));
        return repeats.check(linked.check(problems), raw.rows());
    }

    private static Column missing(String column, String what, Optional<Located> expression) {
        String text = expression.map(Located::text).orElse("");
        return when(
                col(column).isNull(),
                TableReader.problem("missing value", lit("the " + what + " " + text + " has no value")));
    }
}
