package io.deepfm.data.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import io.deepfm.pipeline.Fingerprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.MapType;

/**
 * Rows that were written as they were at one time.
 *
 * @param digest of the rows and their columns
 * @param rows how many there are
 */
public record Snapshot(String digest, long rows) {

    private static final String PLACE = "_place";

    /**
     * Writes rows as Parquet. The digest is computed beside writing, so that nothing is computed twice for it.
     *
     * @param rows the rows
     * @param folder where they are written
     * @param isOrdered whether the same rows in another order, or spread otherwise, are others
     * @return what was written
     */
    public static Snapshot write(Dataset<Row> rows, Path folder, boolean isOrdered) {
        List<Column> values = new ArrayList<>();
        Arrays.stream(rows.schema().fields()).forEach(field -> {
            Column value = col("`" + field.name().replace("`", "``") + "`");
            values.add(field.dataType() instanceof MapType ? map_entries(value) : value);
        });
        Dataset<Row> placed = isOrdered ? rows.withColumn(PLACE, monotonically_increasing_id()) : rows;
        if (isOrdered) {
            values.add(col(PLACE));
        }
        Observation observation = new Observation();
        placed.observe(
                        observation,
                        count(lit(1)).as("rows"),
                        hash(1, values).as("first"),
                        hash(2, values).as("second"))
                .drop(PLACE)
                .write()
                .parquet(folder.toString());
        try {
            Map<String, Object> seen = observation.getAsJava();
            String digest = new Fingerprint()
                    .add("schema", rows.schema().json())
                    .add("first", seen.get("first"))
                    .add("second", seen.get("second"))
                    .hex();
            return new Snapshot(digest, (Long) seen.get("rows"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Writing was interrupted");
        }
    }

    /** A sum, in which equal rows do not take each other away, and wide enough not to overflow. */
    private static Column hash(int seed, List<Column> values) {
        List<Column> all = new ArrayList<>(List.of(lit(seed)));
        all.addAll(values);
        return sum(xxhash64(all.toArray(Column[]::new)).cast("decimal(38,0)"));
    }
}
