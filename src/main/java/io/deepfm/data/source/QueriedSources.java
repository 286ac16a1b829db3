package io.deepfm.data.source;

import static org.apache.spark.sql.functions.col;

import io.deepfm.config.Located;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.TableSource;
import io.deepfm.pipeline.lock.Lock;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.storage.WholeFolder;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.RowOrdering;

/**
 * Sources that are no files: tables of Spark's catalog, queries, databases. They have neither an order nor a version, so all
 * their rows are taken over into files first, sorted by all columns, each time that they are needed; where they are the rows of
 * last time, the files of last time stay, and what was computed from them is up to date.
 */
public final class QueriedSources {

    private static final String LOCK = ".lock";

    private final SparkSession spark;
    private final Storage storage;
    private final TakenRows taken;
    private final Function<Path, Lock> lock;
    private final BiConsumer<TableSource, Snapshot> listener;

    /**
     * @param spark the session whose catalog has the tables
     * @param storage the file systems
     * @param taken what need not be taken over again; what is taken over is added
     * @param lock waits for a lock of a name, which other processes want as well
     * @param listener hears of each source that was taken over
     */
    public QueriedSources(
            SparkSession spark,
            Storage storage,
            TakenRows taken,
            Function<Path, Lock> lock,
            BiConsumer<TableSource, Snapshot> listener) {
        this.spark = spark;
        this.storage = storage;
        this.taken = taken;
        this.lock = lock;
        this.listener = listener;
    }

    /**
     * Takes over the sources of a dataset.
     *
     * @param dataset the dataset
     * @return the same where all its sources are files
     * @throws DataException if a source cannot be read, or if the rows that were taken over before are there no more, neither
     *     in files nor in the source
     */
    public DatasetDefinition inFiles(DatasetDefinition dataset) {
        Map<TableSource, String> names = new HashMap<>();
        RawSources.interactions(dataset)
                .and(RawSources.usersAndItems(dataset))
                .and(RawSources.candidates(dataset))
                .byName()
                .forEach((name, source) -> names.put(source, name));
        return dataset.withSources(source -> source.isQuery() ? inFiles(source, names.get(source)) : source);
    }

    private TableSource inFiles(TableSource source, String name) {
        TableSource before = taken.files().get(source);
        // Other commands that take over later rows delete earlier ones.
        if (before != null && new WholeFolder(storage, new Path(before.path().text())).exists()) {
            return before;
        }
        TableSource files = takenOver(source, name);
        if (before != null && !files.equals(before)) {
            throw new DataException(source.place()
                    + " has other rows by now, and those that this command began with were" + " deleted from "
                    + taken.folder() + " by another one. Start again, with a work_dir of its own.");
        }
        taken.files().put(source, files);
        return files;
    }

    private TableSource takenOver(TableSource source, String name) {
        Path folder = taken.folder();
        try (Lock alone = lock.apply(new Path(folder, LOCK))) {
            // Nobody else writes here now, so these were left by a process that was killed.
            storage.clean(folder);
            return takenOver(source, name, alone);
        }
    }

    private TableSource takenOver(TableSource source, String name, Lock alone) {
        Path folder = taken.folder();
        Path fresh = Storage.temporary(new Path(folder, name));
        try {
            Snapshot snapshot = written(source, fresh);
            // By the rows, so that those which another command reads at the moment stay.
            WholeFolder files = new WholeFolder(
                    storage,
                    storage.qualified(
                            new Path(folder, name + "-" + snapshot.digest().substring(0, 16))));
            if (!files.exists()) {
                alone.requireHeld();
                // First, so that a part of it is not taken for the latest.
                storage.delete(files.path());
                deleteAllButTheLatest(name);
                files.take(fresh);
            }
            listener.accept(source, snapshot);
            return source.inParquet(Located.of(files.path().toString()));
        } finally {
            storage.delete(fresh);
        }
    }

    /** What was taken over before the last time is used no more. */
    private void deleteAllButTheLatest(String name) {
        if (storage.exists(taken.folder())) {
            storage.list(taken.folder()).stream()
                    .filter(entry -> entry.getPath().getName().startsWith(name + "-"))
                    .sorted(Comparator.comparing(FileStatus::getModificationTime)
                            .reversed())
                    .skip(1)
                    .forEach(entry -> storage.delete(entry.getPath()));
        }
    }

    private Snapshot written(TableSource source, Path fresh) {
        Dataset<Row> rows = rows(source);
        Set<String> names = new HashSet<>();
        for (String column : rows.columns()) {
            if (!names.add(column.toLowerCase(Locale.ROOT))) {
                throw source.place()
                        .error(source.place() + ": two columns are called " + column
                                + ". Choose columns, and name them with AS.");
            }
        }
        try {
            return Snapshot.write(sorted(rows), fresh, false);
        } catch (Exception e) {
            // Scala does not declare it.
            if (e instanceof AnalysisException) {
                throw source.place().error(unreadable(source, e));
            }
            throw e;
        }
    }

    private static String unreadable(TableSource source, Exception e) {
        return "cannot read " + source.place() + ": "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                + (isWithoutDriver(e)
                        ? ". A database needs its JDBC driver: give its jar with --jars, and among the source's options the"
                                + " driver's class, such as driver = org.postgresql.Driver."
                        : "");
    }

    /** Of a jar that Spark has loaded itself Java finds a driver by nothing but its class. */
    private static boolean isWithoutDriver(Exception e) {
        return e instanceof SQLException && String.valueOf(e.getMessage()).startsWith("No suitable driver")
                || e instanceof ClassNotFoundException
                        && String.valueOf(e.getMessage()).endsWith("Driver");
    }

    private Dataset<Row> rows(TableSource source) {
        try {
            if (source.table().isPresent()) {
                return spark.table(source.table().get().text());
            }
            return source.sql().isPresent()
                    ? spark.sql(source.sql().get().text())
                    : spark.read()
                            .format(source.format())
                            .options(source.readerOptions())
                            .load();
        } catch (Exception e) {
            // Scala does not declare the first of them, and a database's driver may throw anything.
            if (e instanceof AnalysisException) {
                throw source.place().error(unreadable(source, e));
            }
            throw new DataException(unreadable(source, e), e);
        }
    }

    private static Dataset<Row> sorted(Dataset<Row> rows) {
        Column[] all = Arrays.stream(rows.schema().fields())
                .filter(field -> RowOrdering.isOrderable(field.dataType()))
                .map(field -> col("`" + field.name().replace("`", "``") + "`"))
                .toArray(Column[]::new);
        return all.length == 0 ? rows : rows.orderBy(all);
    }
}
