package io.deepfm.ml.fit;

import io.deepfm.data.source.Snapshot;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.lock.Lock;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import io.deepfm.storage.WholeFolder;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Tables as they were when a fit began, as Parquet. The same rows in the same order have the same folder.
 *
 * @param digest of all rows, their order and their columns
 * @param interactions a folder
 * @param users a folder, if there is a table of users
 * @param items a folder, if there is a table of items
 */
record FitTables(String digest, Path interactions, Optional<Path> users, Optional<Path> items) {

    private static final String LOCK = ".lock-rows";
    private static final String FRESH = ".rows-";

    /**
     * Writes tables, as soon as no other process does.
     *
     * @param interactions the rows to fit
     * @param users the users, if they have columns of their own
     * @param items the items, if they have columns of their own
     * @param storage the file systems
     * @param workDir the folder below which the rows are kept
     * @param onWait is told why this process has to wait for another
     * @return where they are
     */
    static FitTables write(
            Dataset<Row> interactions,
            Optional<Dataset<Row>> users,
            Optional<Dataset<Row>> items,
            Storage storage,
            Path workDir,
            Consumer<String> onWait) {
        Path fresh = new Path(workDir, FRESH + UUID.randomUUID());
        try (Lock alone = Lock.await(storage, new Path(workDir, LOCK), "fit", onWait)) {
            deleteFresh(storage, workDir);
            Fingerprint digest = new Fingerprint();
            add(digest, interactions, fresh, Tables.INTERACTIONS);
            users.ifPresent(table -> add(digest, table, fresh, Tables.USERS));
            items.ifPresent(table -> add(digest, table, fresh, Tables.ITEMS));
            String hex = digest.hex();
            WholeFolder rows =
                    new WholeFolder(storage, storage.qualified(new Path(workDir, "rows-" + hex.substring(0, 16))));
            if (!rows.exists()) {
                alone.requireHeld();
                rows.take(fresh);
            }
            return new FitTables(
                    hex,
                    new Path(rows.path(), Tables.INTERACTIONS),
                    users.map(table -> new Path(rows.path(), Tables.USERS)),
                    items.map(table -> new Path(rows.path(), Tables.ITEMS)));
        } finally {
            storage.delete(fresh);
        }
    }

    /** Nobody else writes here now, so these were left by a process that was killed. */
    private static void deleteFresh(Storage storage, Path workDir) {
        storage.list(workDir).stream()
                .map(FileStatus::getPath)
                .filter(path -> path.getName().startsWith(FRESH))
                .forEach(storage::delete);
    }

    private static void add(Fingerprint digest, Dataset<Row> rows, Path folder, String name) {
        digest.add(name, Snapshot.write(rows, new Path(folder, name), true).digest());
    }
}
