package io.deepfm.data.sample;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.array_remove;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.Located;
import io.deepfm.data.read.LeftOut;
import io.deepfm.data.read.RawRows;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.CandidatesDefinition;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.TableSource;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Reads candidate lists from the dataset's own file and compares them with the held-out interactions: a list that does not
 * fit has a problem that {@link io.deepfm.data.quarantine.Quarantine} tells with its file and line.
 */
final class CandidateFile {

    /** Whether a list names its held-out item among its negatives, too (boolean). */
    static final String HAS_OWN_ITEM = "_has_own_item";

    private static final String USER = "_user";
    private static final String ITEM = "_item";
    private static final String NAMED = "_named";
    private static final String HELD_OUT = "_held_out";
    private static final String UNKNOWN = "_unknown";
    private static final String TWICE = "_twice";

    private final TableReader reader;
    private final DatasetDefinition dataset;
    private final CandidatesDefinition definition;
    private final Dataset<Row> heldOut;
    private final Dataset<Row> users;
    private final Dataset<Row> items;

    /**
     * @param reader reads the file
     * @param dataset which has candidate lists
     * @param heldOut the encoded interactions that they are for
     * @param users encoded users with their keys
     * @param items encoded items with their keys
     */
    CandidateFile(
            TableReader reader,
            DatasetDefinition dataset,
            Dataset<Row> heldOut,
            Dataset<Row> users,
            Dataset<Row> items) {
        this.reader = reader;
        this.dataset = dataset;
        this.definition = dataset.candidates().orElseThrow();
        this.heldOut = heldOut;
        this.users = users;
        this.items = items;
    }

    /**
     * Reads the lists. An item of a list that is its held-out item as well is left out: it cannot rank against itself.
     *
     * @return user index, item index, the negatives' indices in ascending order, {@link #HAS_OWN_ITEM}, and the columns of
     *     {@link TableReader}
     */
    Dataset<Row> lists() {
        RawRows raw = reader.read(definition.source(), List.of());
        Dataset<Row> named = LeftOut.without(raw.rows())
                .select(
                        col(TableReader.ROW),
                        col(TableReader.FILE),
                        col(TableReader.LINE),
                        col(TableReader.PROBLEM),
                        expr(definition.userOr(dataset).text()).as(USER),
                        expr(definition.itemOr(dataset).text()).as(ITEM),
                        negatives().as(NAMED));
        Dataset<Row> known =
                heldOut.select(Tables.USER_INDEX, Tables.ITEM_INDEX).distinct().withColumn(HELD_OUT, lit(true));
        Dataset<Row> linked = linked(
                        linked(named, USER, users, Tables.USER_KEY, Tables.USER_INDEX),
                        ITEM,
                        items,
                        Tables.ITEM_KEY,
                        Tables.ITEM_INDEX)
                .join(indices(named), columns(TableReader.ROW), "left")
                .join(known, columns(Tables.USER_INDEX, Tables.ITEM_INDEX), "left")
                .withColumn(HAS_OWN_ITEM, array_contains(col(Tables.NEGATIVES), col(Tables.ITEM_INDEX)))
                .withColumn(Tables.NEGATIVES, array_remove(col(Tables.NEGATIVES), col(Tables.ITEM_INDEX)));
        return new RawRows(linked, raw.count())
                .check(problems())
                .rows()
                .drop(USER, ITEM, NAMED, HELD_OUT, UNKNOWN, TWICE);
    }

    /**
     * Gives each held-out interaction its list.
     *
     * @param lists what {@link #lists} gave, none of them with a problem
     * @return the interactions with their negatives
     * @throws DataException if one has no list
     */
    Dataset<Row> join(Dataset<Row> lists) {
        Dataset<Row> joined = heldOut.join(
                lists.select(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.NEGATIVES),
                columns(Tables.USER_INDEX, Tables.ITEM_INDEX),
                "left");
        Dataset<Row> without = joined.filter(col(Tables.NEGATIVES).isNull());
        long missing = without.count();
        if (missing > 0) {
            Row one = without.sort(Tables.INTERACTION)
                    .limit(1)
                    .join(users, Tables.USER_INDEX)
                    .join(items, Tables.ITEM_INDEX)
                    .select(Tables.USER_KEY, Tables.ITEM_KEY)
                    .head();
            throw new DataException(definition.source().path() + " has no list for " + missing
                    + " of the test interactions, such as that of user " + one.get(0) + " and item " + one.get(1)
                    + ". Add it, or remove the interaction from "
                    + dataset.test().map(TableSource::path).map(Located::text).orElse("test") + ".");
        }
        return joined;
    }

    private Column negatives() {
        return definition.negatives().map(text -> expr(text.text())).orElseGet(() -> {
            List<String> keys = List.of(
                    definition.userOr(dataset).text(),
                    definition.itemOr(dataset).text());
            return array(Stream.of(reader.schema(definition.source()).fieldNames())
                    .filter(name -> !keys.contains(name))
                    .map(name -> col(TableReader.quoted(name)))
                    .toArray(Column[]::new));
        });
    }

    /** Each list's negatives by their indices, and the first that is no item, and the first that is named twice. */
    private Dataset<Row> indices(Dataset<Row> named) {
        Dataset<Row> single = named.filter(col(TableReader.PROBLEM).isNull())
                .select(col(TableReader.ROW), explode(col(NAMED)).as(NAMED));
        Column isKnown = col(Tables.ITEM_INDEX).isNotNull();
        return linked(single, NAMED, items, Tables.ITEM_KEY, Tables.ITEM_INDEX)
                .groupBy(TableReader.ROW, Tables.ITEM_INDEX)
                .agg(
                        min(coalesce(col(NAMED).cast("string"), lit(""))).as(NAMED),
                        count(lit(1)).as(TWICE))
                .groupBy(TableReader.ROW)
                .agg(
                        sort_array(collect_list(Tables.ITEM_INDEX)).as(Tables.NEGATIVES),
                        min(when(isKnown, null).otherwise(col(NAMED))).as(UNKNOWN),
                        min(when(isKnown.and(col(TWICE).gt(1)), col(NAMED))).as(TWICE));
    }

    private List<Column> problems() {
        Column user = concat(lit("user "), coalesce(col(USER).cast("string"), lit("")));
        Column item = concat(lit("item "), coalesce(col(ITEM).cast("string"), lit("")));
        WindowSpec same =
                Window.partitionBy(Tables.USER_INDEX, Tables.ITEM_INDEX).orderBy(TableReader.ROW);
        return List.of(
                problem(col(Tables.USER_INDEX).isNull(), "unknown value", user, notIn(dataset.users())),
                problem(col(Tables.ITEM_INDEX).isNull(), "unknown value", item, notIn(dataset.items())),
                problem(
                        col(HELD_OUT).isNull(),
                        "nothing held out",
                        user,
                        lit(" has no test interaction with "),
                        item,
                        lit(", which this list is for")),
                problem(
                        row_number().over(same).gt(1),
                        "repeated",
                        lit("is another list for "),
                        user,
                        lit(" and "),
                        item,
                        lit(", as line "),
                        first(TableReader.LINE).over(same).cast("string")),
                problem(
                        col(UNKNOWN).isNotNull(),
                        "unknown value",
                        lit("the negative "),
                        col(UNKNOWN),
                        notIn(dataset.items())),
                problem(
                        col(TWICE).isNotNull(),
                        "repeated",
                        lit("the negative "),
                        col(TWICE),
                        lit(" is named twice; where a list is meant as a set, say"
                                + " dataset.candidates.negatives = \"array_distinct(...)\"")),
                problem(
                        coalesce(size(col(Tables.NEGATIVES)), lit(0)).leq(0),
                        "missing value",
                        lit("the list has no negatives")));
    }

    private static Column problem(Column holds, String reason, Column... detail) {
        return when(holds, TableReader.problem(reason, concat(detail)));
    }

    private static Column notIn(Optional<TableSource> source) {
        String table =
                source.map(given -> new Path(given.path().text()).getName()).orElse("the interactions");
        return lit(" is not in " + table);
    }

    /** With the index of the row of {@code table} whose key is a value, null where there is none. */
    private static Dataset<Row> linked(Dataset<Row> rows, String value, Dataset<Row> table, String key, String index) {
        String type = table.schema().apply(key).dataType().sql();
        return rows.join(
                        table.select(col(key).as("_key"), col(index)),
                        expr("try_cast(" + value + " AS " + type + ")").equalTo(col("_key")),
                        "left")
                .drop("_key");
    }

    private static String[] columns(String... names) {
        return names;
    }
}
