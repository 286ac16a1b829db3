package io.deepfm.job.facts;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import io.deepfm.config.random.Seed;
import io.deepfm.data.keys.KeyTable;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.report.facts.ExampleUser;
import io.deepfm.report.facts.ExampleUser.Item;
import io.deepfm.report.statistics.HeldOutRow;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Users to look at, drawn by chance among those that are ranked.
 *
 * @param spark the session
 * @param work holds the raw and the split tables
 * @param dataset tells the columns that identify users and items
 */
record ExampleReader(SparkSession spark, WorkDirectory work, DatasetDefinition dataset) {

    private static final int USERS = 10;
    private static final int LATEST = 8;
    private static final long SEED = 0;

    /** Columns of the items' table that people read, where there is one. */
    private static final List<String> TITLES = List.of("title", "name");

    /**
     * Draws them.
     *
     * @param ranked the ranked rows
     * @return ten at most, with their history
     */
    List<ExampleUser> of(List<HeldOutRow> ranked) {
        List<HeldOutRow> drawn = List.copyOf(ranked.stream()
                .sorted(Comparator.comparingLong(row -> Seed.of(SEED, row.user())))
                .collect(Collectors.toMap(HeldOutRow::user, row -> row, (a, b) -> a, LinkedHashMap::new))
                .values()
                .stream()
                .limit(USERS)
                .toList());
        if (drawn.isEmpty()) {
            return List.of();
        }
        Object[] users = drawn.stream().map(HeldOutRow::user).toArray();
        Map<Integer, List<Integer>> histories = histories(users);
        Object[] items = Stream.concat(
                        drawn.stream().flatMap(row -> Stream.concat(Stream.of(row.item()), row.first().stream())),
                        histories.values().stream().flatMap(List::stream))
                .distinct()
                .toArray();
        Map<Integer, String> userKeys = names(KeyTable.users(dataset), List.of(), users);
        Map<Integer, String> itemNames = names(KeyTable.items(dataset), TITLES, items);
        return drawn.stream()
                .map(row -> new ExampleUser(
                        userKeys.get(row.user()),
                        items(histories.getOrDefault(row.user(), List.of()), itemNames),
                        items(row.first(), itemNames),
                        new Item(row.item(), itemNames.get(row.item())),
                        row.rank(),
                        row.candidates()))
                .toList();
    }

    private static List<Item> items(List<Integer> indices, Map<Integer, String> names) {
        return indices.stream().map(item -> new Item(item, names.get(item))).toList();
    }

    /** For each user the latest items of train and validation, the last first. */
    private Map<Integer, List<Integer>> histories(Object[] users) {
        Dataset<Row> latest = split(Tables.TRAIN)
                .unionByName(split(Tables.VALIDATION))
                .filter(col(Tables.USER_INDEX).isin(users))
                .groupBy(Tables.USER_INDEX)
                .agg(slice(
                                sort_array(
                                        collect_list(struct(Tables.TIME, Tables.INTERACTION, Tables.ITEM_INDEX)),
                                        false),
                                1,
                                LATEST)
                        .getField(Tables.ITEM_INDEX));
        Map<Integer, List<Integer>> histories = new HashMap<>();
        latest.collectAsList().forEach(row -> histories.put(row.getInt(0), row.getList(1)));
        return histories;
    }

    private Dataset<Row> split(String name) {
        return ParquetTables.read(spark, work.path(Tables.SPLIT + "/" + name))
                .select(Tables.USER_INDEX, Tables.TIME, Tables.INTERACTION, Tables.ITEM_INDEX);
    }

    /** Names by index: a column that people read, else the key. */
    private Map<Integer, String> names(KeyTable table, List<String> readable, Object[] wanted) {
        Dataset<Row> rows = table.read(spark, work);
        String index = table.index();
        Column identity = table.key()
                .map(name -> col(TableReader.quoted(name.text())))
                .orElse(col(index))
                .cast("string");
        Column name = Arrays.stream(rows.columns())
                .filter(column -> readable.contains(column.toLowerCase(Locale.ROOT)))
                .findFirst()
                .map(column -> coalesce(col(TableReader.quoted(column)).cast("string"), identity))
                .orElse(identity);
        Map<Integer, String> names = new HashMap<>();
        rows.filter(col(index).isin(wanted))
                .select(col(index), name)
                .collectAsList()
                .forEach(row -> names.put(row.getInt(0), row.getString(1)));
        return names;
    }
}
