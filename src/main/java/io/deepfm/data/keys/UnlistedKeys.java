package io.deepfm.data.keys;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import io.deepfm.data.read.TableReader;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;

/**
 * Gives users and items that have interactions but no row in their file the indices after those that have one, in the order
 * of their first interaction. Tables of them, with the key alone, stand in the folder {@value #FOLDER}.
 */
public final class UnlistedKeys {

    /** The tables of those that files do not list, within the work directory. */
    public static final String FOLDER = "unlisted";

    /** What the names of their numbers begin with. */
    public static final String PREFIX = FOLDER + ".";

    private final SparkSession spark;
    private final WorkDirectory work;
    private final Path target;

    /**
     * @param spark the session
     * @param work holds the listed ones
     * @param target where to write
     */
    public UnlistedKeys(SparkSession spark, WorkDirectory work, Path target) {
        this.spark = spark;
        this.work = work;
        this.target = target;
    }

    /** The name in a manifest of how many users or items are not listed. */
    public static String count(String table) {
        return PREFIX + table;
    }

    /** The name in a manifest of how many interactions these have. */
    public static String interactions(String table) {
        return PREFIX + table + "." + Tables.INTERACTIONS;
    }

    /**
     * Numbers those that are not listed. The interactions are written once more only where there are some.
     *
     * @param tables users and items
     * @param rows how many interactions, users and items there are so far, to which those that are not listed are added
     */
    public void complete(List<KeyTable> tables, Map<String, Long> rows) {
        List<KeyTable> withUnlisted =
                tables.stream().filter(KeyTable::mayBeUnlisted).toList();
        if (withUnlisted.isEmpty()) {
            return;
        }
        work.storage().makeWritable(new Path(target, FOLDER));
        Path path = new Path(target, Tables.INTERACTIONS);
        List<KeyTable> incomplete = new ArrayList<>();
        for (KeyTable table : withUnlisted) {
            long missing = rows.get(Tables.INTERACTIONS) - ParquetTables.countValues(spark, path, table.index());
            if (missing > 0) {
                incomplete.add(table);
                rows.put(interactions(table.name()), missing);
            }
        }
        if (!incomplete.isEmpty()) {
            Path linked = new Path(target, "linked");
            work.storage().move(path, linked);
            Dataset<Row> interactions = ParquetTables.read(spark, linked);
            for (KeyTable table : incomplete) {
                interactions = complete(interactions, table, rows);
            }
            interactions.write().parquet(path.toString());
        }
    }

    private Dataset<Row> complete(Dataset<Row> interactions, KeyTable table, Map<String, Long> rows) {
        String column = table.key().orElseThrow().text();
        DataType type = table.listed(spark, work).schema().apply(column).dataType();
        long listed = rows.get(table.name());
        Path path = new Path(target, FOLDER + "/" + table.name());
        Column isMissing = col(table.index()).isNull();
        long unlisted = ParquetTables.write(
                KeyTable.numbered(
                        table.firsts(interactions.filter(isMissing), table.keyAs(type)), table.index(), listed),
                path);
        rows.put(count(table.name()), unlisted);
        rows.put(table.name(), listed + unlisted);
        Dataset<Row> indices = ParquetTables.read(spark, path)
                .select(
                        col(TableReader.quoted(column)).as("_key"),
                        col(table.index()).as("_index"));
        return interactions
                .withColumn("_wanted", when(isMissing, table.keyAs(type)))
                .join(indices, col("_wanted").equalTo(col("_key")), "left")
                .withColumn(table.index(), coalesce(col(table.index()), col("_index")))
                .drop("_wanted", "_key", "_index");
    }
}
