package io.deepfm.data.keys;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.Located;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.MissingRows;
import io.deepfm.dataset.TableSource;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataType;

/**
 * The users or the items of a dataset: their rows, and how interactions find theirs.
 *
 * @param name the table's name
 * @param index the column of their indices
 * @param key the column that identifies one; nothing where there are no users and items
 * @param source their file, if they have one
 * @param missing what becomes of those that the file does not list
 */
public record KeyTable(
        String name, String index, Optional<Located> key, Optional<TableSource> source, MissingRows missing) {

    /** The users of a dataset. */
    public static KeyTable users(DatasetDefinition dataset) {
        return new KeyTable(Tables.USERS, Tables.USER_INDEX, dataset.user(), dataset.users(), dataset.missingUsers());
    }

    /** The items of a dataset. */
    public static KeyTable items(DatasetDefinition dataset) {
        return new KeyTable(Tables.ITEMS, Tables.ITEM_INDEX, dataset.item(), dataset.items(), dataset.missingItems());
    }

    /** Whether some may have no row in their file. */
    public boolean mayBeUnlisted() {
        return source.isPresent() && missing == MissingRows.KEEP;
    }

    /** What errors and warnings call the table. */
    public String fileName() {
        return source.map(given -> new Path(given.path().text()).getName()).orElse("the table");
    }

    /**
     * All rows of an ingested dataset: those of the file, then those with a key alone.
     *
     * @param spark the session
     * @param work holds the tables
     * @return the index and the raw columns
     */
    public Dataset<Row> read(SparkSession spark, WorkDirectory work) {
        Dataset<Row> listed = listed(spark, work);
        if (!mayBeUnlisted()) {
            return listed;
        }
        // Within the folder, which is there in any case: that of an earlier run must not be taken.
        Path others = new Path(work.path(UnlistedKeys.FOLDER), name);
        return work.storage().exists(others) ? listed.unionByName(ParquetTables.read(spark, others), true) : listed;
    }

    /** The rows of the file. */
    public Dataset<Row> listed(SparkSession spark, WorkDirectory work) {
        return ParquetTables.read(spark, work.path(name));
    }

    /**
     * The rows of a dataset that has no file of them: the keys in the order of their first interaction.
     *
     * @param interactions all that have no problem
     * @return the index and the key; a single row with an index alone where there is no key
     */
    public Dataset<Row> found(Dataset<Row> interactions) {
        return key.map(id -> numbered(firsts(interactions, col(TableReader.quoted(id.text()))), index, 0))
                .orElseGet(() -> interactions.sparkSession().range(1).select(lit(0).as(index)));
    }

    /** Each key with its first interaction, by which it is numbered. */
    Dataset<Row> firsts(Dataset<Row> interactions, Column id) {
        return interactions
                .groupBy(id.as(key.orElseThrow().text()))
                .agg(min(Tables.INTERACTION).as(TableReader.ROW));
    }

    /**
     * Numbers users or items in the order of {@link TableReader#ROW}.
     *
     * @param table rows with that column
     * @param index the column of their numbers
     * @param first the first number
     * @return with the number in place of that column
     */
    public static Dataset<Row> numbered(Dataset<Row> table, String index, long first) {
        List<Column> columns = new ArrayList<>();
        columns.add(row_number()
                .over(Window.orderBy(TableReader.ROW))
                .plus(first - 1)
                .cast("int")
                .as(index));
        for (String name : table.columns()) {
            if (!name.equals(TableReader.ROW)) {
                columns.add(col(TableReader.quoted(name)));
            }
        }
        return table.select(columns.toArray(Column[]::new));
    }

    /**
     * Gives interactions the index of their user or item: null where it is not listed.
     *
     * @param interactions raw interactions
     * @param rows the users or items
     * @param problems what is wrong where the index is null and must not be
     * @return with the index
     */
    public Dataset<Row> link(Dataset<Row> interactions, Dataset<Row> rows, List<Column> problems) {
        if (key.isEmpty()) {
            return interactions.withColumn(index, lit(0));
        }
        String column = key.get().text();
        Column id = interactions.col(TableReader.quoted(column));
        Dataset<Row> keys = rows.select(col(TableReader.quoted(column)).as("_key"), col(index));
        Column isBad = col(index).isNull();
        if (mayBeUnlisted()) {
            Column same = keyAs(keys.schema().apply("_key").dataType()).equalTo(col(TableReader.quoted(column)));
            isBad = isBad.and(not(coalesce(same, lit(false))));
        }
        problems.add(when(
                isBad,
                TableReader.problem(
                        "unknown value",
                        concat(
                                lit("column " + column + " has the value "),
                                coalesce(col(TableReader.quoted(column)).cast("string"), lit("")),
                                lit(", which is not in " + fileName())))));
        return interactions.join(keys, id.equalTo(keys.col("_key")), "left").drop("_key");
    }

    /** The interactions' key in the type that the table has it in; null where it cannot be one. */
    Column keyAs(DataType type) {
        return expr("try_cast(" + TableReader.quoted(key.orElseThrow().text()) + " AS " + type.sql() + ")");
    }
}
