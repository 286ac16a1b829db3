package io.deepfm.job.training;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.deepfm.data.encode.FieldEncoder;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.report.Provenance;
import io.deepfm.report.RunDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The data that a model was trained on. Candidate lists name users and items by their index and values by their id, which mean
 * something else in the tables of other data.
 *
 * @param spark the session
 * @param work holds the encoded tables
 * @param model the model's folder
 */
public record TrainingData(SparkSession spark, WorkDirectory work, Path model) {

    /**
     * Refuses a model of other data than the work directory's. What was encoded anew, as by another version of the program, may
     * be the same nevertheless.
     *
     * @throws DataException if features, ids, users or items are others
     */
    public void requireSame() {
        String encoded = work.require("encode", "encode").fingerprint();
        if (!Provenance.read(work.storage(), RunDirectory.provenance(model))
                .map(Provenance::encodeFingerprint)
                .equals(Optional.of(encoded))) {
            requireSameContents(work.path(Tables.ENCODED));
        }
    }

    private void requireSameContents(Path encoded) {
        DatasetDefinition then = dataset(model);
        DatasetDefinition now = dataset(encoded);
        require(features(then).equals(features(now)), "features come of other columns");
        require(
                then.timeZone().equals(now.timeZone()),
                "dataset.time_zone was " + then.timeZone() + " and is " + now.timeZone());
        require(encoders(model).equals(encoders(encoded)), "the values of features have other ids");
        for (String table : List.of(Tables.USERS, Tables.ITEMS)) {
            difference(table, encoded).ifPresent(difference -> require(false, difference));
        }
    }

    private void require(boolean holds, String difference) {
        if (!holds) {
            throw new DataException("The model in " + model + " was trained on other data than there are in "
                    + work.root() + ": " + difference + ". So it cannot rank what is there. Train again, or give it"
                    + " the data that it was trained on.");
        }
    }

    private DatasetDefinition dataset(Path folder) {
        Path file = new Path(folder, Tables.DATASET_FILE);
        return DatasetDefinition.fromJson(work.storage().readString(file), file.toString());
    }

    /** What the ids are made of. How wide their vectors are is the model's own. */
    private static List<List<Object>> features(DatasetDefinition dataset) {
        return dataset.features().stream()
                .map(feature -> List.<Object>of(feature.name(), feature.expressionOrName(), feature.history()))
                .toList();
    }

    private Map<String, FieldEncoder> encoders(Path folder) {
        return FieldEncoder.fromJson(work.storage().readString(new Path(folder, Tables.ENCODERS_FILE)));
    }

    private Optional<String> difference(String table, Path encoded) {
        Dataset<Row> then = keys(new Path(model, table), "then");
        Dataset<Row> now = keys(new Path(encoded, table), "now");
        return then
                .join(now, "index", "full_outer")
                .where(not(col("then").eqNullSafe(col("now"))))
                .limit(1)
                .collectAsList()
                .stream()
                .map(row -> "of the " + table + " number " + row.get(0) + " was " + shown(row.get(1)) + " and is "
                        + shown(row.get(2)))
                .findFirst();
    }

    /** By their places, as earlier versions gave the index another name. */
    private Dataset<Row> keys(Path table, String name) {
        Dataset<Row> rows = ParquetTables.read(spark, table);
        return rows.select(
                col(rows.columns()[0]).as("index"),
                col(rows.columns()[1]).cast("string").as(name));
    }

    private static String shown(Object key) {
        return key == null ? "none" : key.toString();
    }
}
