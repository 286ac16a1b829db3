package io.deepfm.ml.fit;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.xxhash64;

import io.deepfm.data.read.TableReader;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;

/**
 * Tables as they were when a fit began, as Parquet. The same rows in the same order have the same folder.
 *
 * @param digest of all rows, their order and their columns
 * @param interactions a folder
 * @param users a folder, if there is a table of users
 * @param items a folder, if there is a table of items
 */
record Snapshot(String digest, Path interactions, Optional<Path> users, Optional<Path> items) {

    private static final String PLACE = "_place";

    /**
     * Writes tables. The digest is computed beside writing, so that the rows are computed once.
     *
     * @param interactions the rows to fit
     * @param users the users, if they have columns of their own
     * @param items the items, if they have columns of their own
     * @param storage the file systems
     * @param workDir the folder below which the rows are kept
     * @return where they are
     */
    static Snapshot write(
            Dataset<Row> interactions,
            Optional<Dataset<Row>> users,
            Optional<Dataset<Row>> items,
            Storage storage,
            Path workDir) {
        Path fresh = new Path(workDir, ".rows-" + UUID.randomUUID());
        try {
            Fingerprint digest =
                    new Fingerprint().add(Tables.INTERACTIONS, write(interactions, fresh, Tables.INTERACTIONS));
            users.ifPresent(rows -> digest.add(Tables.USERS, write(rows, fresh, Tables.USERS)));
            items.ifPresent(rows -> digest.add(Tables.ITEMS, write(rows, fresh, Tables.ITEMS)));
            String hex = digest.hex();
            Path folder = storage.qualified(new Path(workDir, "rows-" + hex.substring(0, 16)));
            if (!storage.exists(folder)) {
                storage.move(fresh, folder);
            }
            return new Snapshot(
                    hex,
                    new Path(folder, Tables.INTERACTIONS),
                    users.map(rows -> new Path(folder, Tables.USERS)),
                    items.map(rows -> new Path(folder, Tables.ITEMS)));
        } finally {
            storage.delete(fresh);
        }
    }

    private static String write(Dataset<Row> rows, Path folder, String name) {
        List<Column> values = new ArrayList<>(List.of(col(PLACE)));
        Arrays.stream(rows.columns()).forEach(column -> values.add(col(TableReader.quoted(column))));
        Observation observation = new Observation();
        rows.withColumn(PLACE, monotonically_increasing_id())
                .observe(
                        observation,
                        hash(1, values).as("first"),
                        hash(2, values).as("second"))
                .drop(PLACE)
                .write()
                .parquet(new Path(folder, name).toString());
        try {
            Map<String, Object> seen = observation.getAsJava();
            return rows.schema().json() + seen.get("first") + seen.get("second");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Writing was interrupted");
        }
    }

    /** With its place a row differs from all others, so that none takes another away. */
    private static Column hash(int seed, List<Column> values) {
        List<Column> all = new ArrayList<>(List.of(lit(seed)));
        all.addAll(values);
        return bit_xor(xxhash64(all.toArray(Column[]::new)));
    }
}
