package io.deepfm.training.validation;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.random.Seed;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.metrics.Auc;
import io.deepfm.metrics.CandidateMetrics;
import io.deepfm.metrics.CandidateMetrics.Summary;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Candidate lists of the validation split in memory: all, or a sample that a hash of the seed and a list's place, user and item chooses,
 * the same ones each time. Users and items are numbered anew, so that their tables hold none but those of the lists.
 */
public final class ListSample {

    private final ExperimentConfig config;
    private final long allLists;
    private final int catalogue;
    private final StoredLists lists;
    private final Map<FieldGroup, FeatureTable> tables;

    /**
     * How much is read.
     *
     * @param candidates of all lists together, about; 0 for all
     * @param perList of a list; 0 for all, else a part of the negatives is left out of longer ones
     */
    public record Bounds(long candidates, int perList) {}

    private ListSample(
            ExperimentConfig config,
            long allLists,
            int catalogue,
            StoredLists lists,
            Map<FieldGroup, FeatureTable> tables) {
        this.config = config;
        this.allLists = allLists;
        this.catalogue = catalogue;
        this.lists = lists;
        this.tables = tables;
    }

    /**
     * Reads a sample.
     *
     * @param config the metrics' settings
     * @param storage the file systems
     * @param folder the lists
     * @param schema the fields
     * @param users the encoded features of all users
     * @param items those of all items
     * @param bounds how much of it
     * @return the lists
     */
    public static ListSample read(
            ExperimentConfig config,
            Storage storage,
            Path folder,
            DatasetSchema schema,
            FeatureTable users,
            FeatureTable items,
            Bounds bounds) {
        List<Path> files = storage.files(folder, ".parquet").stream()
                .map(FileStatus::getPath)
                .toList();
        List<long[]> keys = files.stream()
                .map(file -> keys(storage, file, config.evaluation().candidateSeed()))
                .toList();
        long all = keys.stream().mapToLong(some -> some.length).sum();
        long last = last(keys, wanted(storage, files, all, bounds));
        List<StoredLists> read = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            long[] own = keys.get(i);
            int[] rows = IntStream.range(0, own.length)
                    .filter(row -> own[row] <= last)
                    .toArray();
            StoredLists some = StoredLists.read(storage, files.get(i), schema, rows);
            read.add(bounds.perList() == 0 ? some : some.thinned(bounds.perList()));
        }
        return of(config, all, StoredLists.concat(read), schema, users, items);
    }

    private static ListSample of(
            ExperimentConfig config,
            long all,
            StoredLists lists,
            DatasetSchema schema,
            FeatureTable users,
            FeatureTable items) {
        int[] whom = distinct(lists.users());
        int[] what = distinct(lists.items());
        Map<FieldGroup, FeatureTable> tables = new EnumMap<>(FieldGroup.class);
        if (!schema.fields(FieldGroup.USER).isEmpty()) {
            tables.put(FieldGroup.USER, users.rows(whom));
        }
        if (!schema.fields(FieldGroup.ITEM).isEmpty()) {
            tables.put(FieldGroup.ITEM, items.rows(what));
        }
        StoredLists numbered = new StoredLists(
                places(lists.users(), whom),
                lists.labels(),
                lists.contexts(),
                places(lists.items(), what),
                lists.offsets());
        return new ListSample(config, all, items.rows(), numbered, tables);
    }

    private static long[] keys(Storage storage, Path file, long seed) {
        ParquetColumns columns = ParquetColumns.read(storage, file, List.of(Tables.USER_INDEX, Tables.ITEM_INDEX));
        int[] users = columns.ints(Tables.USER_INDEX);
        int[] items = columns.ints(Tables.ITEM_INDEX);
        long[] keys = new long[columns.rows()];
        Arrays.setAll(keys, row -> Seed.of(seed, row, users[row], items[row]));
        return keys;
    }

    /** So many lists have about as many candidates as wanted. */
    private static long wanted(Storage storage, List<Path> files, long all, Bounds bounds) {
        if (bounds.candidates() == 0 || all == 0) {
            return all;
        }
        long negatives = files.stream()
                .mapToLong(file -> ParquetColumns.countValues(storage, file, Tables.NEGATIVES))
                .sum();
        double mean = 1 + negatives / (double) all;
        double each = bounds.perList() == 0 ? mean : Math.min(mean, bounds.perList());
        return Math.max(1, Math.min(all, Math.round(bounds.candidates() / each)));
    }

    /** The largest of the smallest keys. */
    private static long last(List<long[]> keys, long wanted) {
        long[] sorted = keys.stream().flatMapToLong(LongStream::of).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(int) wanted - 1];
    }

    private static int[] distinct(int[] numbers) {
        return Arrays.stream(numbers).distinct().sorted().toArray();
    }

    private static int[] places(int[] numbers, int[] sorted) {
        return Arrays.stream(numbers)
                .map(number -> Arrays.binarySearch(sorted, number))
                .toArray();
    }

    /**
     * The number of lists.
     *
     * @return those of the sample
     */
    public int lists() {
        return lists.size();
    }

    /**
     * The number of lists of the split.
     *
     * @return at least {@link #lists}
     */
    public long allLists() {
        return allLists;
    }

    /**
     * The number of candidates.
     *
     * @return those of all lists of the sample
     */
    public int candidates() {
        return lists.items().length;
    }

    /**
     * The features of the sample's users and items.
     *
     * @return the tables that a scorer needs; none of a group without fields
     */
    public Map<FieldGroup, FeatureTable> tables() {
        return tables;
    }

    /**
     * The contexts of the lists.
     *
     * @return a row for each
     */
    public FeatureTable contexts() {
        return lists.contexts();
    }

    /**
     * The metrics of a model.
     *
     * @param scorer knows tables of as many users and items as {@link #tables}
     * @param contexts a row for each list
     * @return value by metric name
     */
    public Map<String, Double> metrics(Scorer scorer, FeatureTable contexts) {
        StoredLists given = new StoredLists(lists.users(), lists.labels(), contexts, lists.items(), lists.offsets());
        Auc pooled = new Auc(given.withoutNegatives().positives(scorer));
        CandidateMetrics metrics = new CandidateMetrics(config, catalogue);
        int largestK = config.evaluation().largestK();
        for (int start = 0; start < given.size(); ) {
            int end = given.end(start, Scorer.MANY);
            given.scored(scorer, start, end).parallelStream()
                    .map(list -> Summary.of(list, pooled, largestK))
                    .toList()
                    .forEach(metrics::add);
            start = end;
        }
        return metrics.values();
    }

    /**
     * All candidates, with the features of their lists.
     *
     * @param size how many at a time
     * @return the features of each group that has fields, row i of each for candidate i
     */
    public Iterator<Map<FieldGroup, FeatureTable>> rows(int size) {
        int[] listOf = new int[candidates()];
        for (int list = 0; list < lists.size(); list++) {
            Arrays.fill(listOf, lists.offsets()[list], lists.offsets()[list + 1], list);
        }
        return IntStream.iterate(0, start -> start < listOf.length, start -> start + size)
                .mapToObj(
                        start -> rows(Arrays.copyOfRange(listOf, start, Math.min(listOf.length, start + size)), start))
                .iterator();
    }

    private Map<FieldGroup, FeatureTable> rows(int[] listOf, int start) {
        Map<FieldGroup, FeatureTable> rows = new EnumMap<>(FieldGroup.class);
        tables.forEach((group, table) -> rows.put(
                group,
                table.rows(
                        group == FieldGroup.ITEM
                                ? Arrays.copyOfRange(lists.items(), start, start + listOf.length)
                                : Arrays.stream(listOf)
                                        .map(list -> lists.users()[list])
                                        .toArray())));
        if (contexts().ids().length + contexts().values().length > 0) {
            rows.put(FieldGroup.CONTEXT, contexts().rows(listOf));
        }
        return rows;
    }
}
