package io.deepfm.data.profile;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import io.deepfm.data.EncodeStage;
import io.deepfm.data.encode.Encoders;
import io.deepfm.data.encode.FieldEncoder;
import io.deepfm.data.history.SplitHistories;
import io.deepfm.data.keys.KeyTable;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A profile of an encoded dataset.
 *
 * @param schema the fields
 * @param splits by split: rows and positives
 * @param missing by split and field: the share of rows without a value
 * @param unknown by split and field: the share of rows with an OOV value; for a sequence, with one at least
 * @param cut by split and sequence that is no history: the share of rows with more values than the sequence may have
 * @param top by field with a vocabulary: the most frequent values in train and how many rows have them, the most frequent
 *     first
 * @param users interactions per user that has any
 * @param items interactions per item that has any
 */
public record DatasetProfile(
        DatasetSchema schema,
        Map<String, Counts> splits,
        Map<String, Map<String, Double>> missing,
        Map<String, Map<String, Double>> unknown,
        Map<String, Map<String, Double>> cut,
        Map<String, Map<String, Long>> top,
        Activity users,
        Activity items) {

    /**
     * The rows of a split.
     *
     * @param rows interactions
     * @param positives those with label 1
     */
    public record Counts(long rows, long positives) {}

    private static final String MISSING = "missing_";
    private static final String UNKNOWN = "unknown_";
    private static final String CUT = "cut_";

    /**
     * Looks at the tables of a work directory.
     *
     * @param spark the session
     * @param work holds the ingested, split and encoded tables
     * @param dataset the features
     * @return what is in them
     */
    public static DatasetProfile of(SparkSession spark, WorkDirectory work, DatasetDefinition dataset) {
        Map<String, Counts> splits = new LinkedHashMap<>();
        Map<String, Map<String, Double>> missing = new LinkedHashMap<>();
        Map<String, Map<String, Double>> unknown = new LinkedHashMap<>();
        Map<String, Map<String, Double>> cut = new LinkedHashMap<>();
        Map<String, FieldEncoder> byField =
                FieldEncoder.fromJson(work.storage().readString(work.path(EncodeStage.ENCODERS)));
        Encoders encoders = new Encoders(dataset, byField);
        SplitHistories splitRows = new SplitHistories(
                dataset, encoders, split -> ParquetTables.read(spark, work.path(Tables.SPLIT + "/" + split)));
        Dataset<Row> users = looked(
                KeyTable.users(dataset).read(spark, work),
                encoders,
                dataset.features(FieldGroup.USER),
                List.of(Tables.USER_INDEX));
        Dataset<Row> items = looked(
                KeyTable.items(dataset).read(spark, work),
                encoders,
                dataset.features(FieldGroup.ITEM),
                List.of(Tables.ITEM_INDEX));
        List<String> kept = List.of(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.RAW_LABEL);
        Dataset<Row> rows = Tables.SPLITS.stream()
                .map(split -> looked(splitRows.of(split), encoders, dataset.features(FieldGroup.CONTEXT), kept)
                        .withColumn(Tables.SPLIT_NAME, lit(split)))
                .reduce(Dataset::union)
                .orElseThrow()
                .join(users, Tables.USER_INDEX)
                .join(items, Tables.ITEM_INDEX);
        List<Column> shares = new ArrayList<>(List.of(avg(Tables.RAW_LABEL)));
        for (String what : List.of(MISSING, UNKNOWN, CUT)) {
            dataset.features().forEach(feature -> shares.add(avg(what + feature.name())));
        }
        Map<String, Row> bySplit = new HashMap<>();
        rows.groupBy(Tables.SPLIT_NAME)
                .agg(count(lit(1)), shares.toArray(Column[]::new))
                .collectAsList()
                .forEach(row -> bySplit.put(row.getString(0), row));
        for (String split : Tables.SPLITS) {
            Row found = bySplit.get(split);
            if (found == null) {
                splits.put(split, new Counts(0, 0));
                continue;
            }
            long all = found.getLong(1);
            int fields = dataset.features().size();
            splits.put(split, new Counts(all, Math.round(all * found.getDouble(2))));
            missing.put(split, shares(dataset.features(), found, 3));
            unknown.put(split, shares(dataset.features(), found, 3 + fields));
            cut.put(split, shares(dataset.features(), found, 3 + 2 * fields));
            cut.get(split).keySet().removeIf(name -> !canBeCut(dataset, name));
        }
        List<Activity> activities = Activity.of(
                ParquetTables.read(spark, work.path(Tables.INTERACTIONS)),
                List.of(Tables.USER_INDEX, Tables.ITEM_INDEX));
        return new DatasetProfile(
                EncodeStage.schema(work),
                splits,
                missing,
                unknown,
                cut,
                new TopValues(dataset, byField)
                        .of(table -> ParquetTables.read(spark, work.path(Tables.ENCODED + "/" + table))),
                activities.get(0),
                activities.get(1));
    }

    private static Map<String, Double> shares(List<FeatureDefinition> features, Row found, int from) {
        Map<String, Double> shares = new LinkedHashMap<>();
        for (int i = 0; i < features.size(); i++) {
            shares.put(features.get(i).name().text(), found.getDouble(from + i));
        }
        return shares;
    }

    /** A history has no more items than it may have: it is made that way. */
    private static boolean canBeCut(DatasetDefinition dataset, String name) {
        return dataset.features().stream()
                .anyMatch(feature -> feature.name().text().equals(name)
                        && feature.type() == FeatureType.SEQUENCE
                        && !feature.isItemHistory());
    }

    /**
     * The fields in the model's order.
     *
     * @return the schema's fields
     */
    public List<FieldSchema> fields() {
        return schema.fields();
    }

    /** Per row of a table, for each of its features, 1 where its value is missing, 1 where it is OOV and 1 where it is cut. */
    private static Dataset<Row> looked(
            Dataset<Row> raw, Encoders encoders, List<FeatureDefinition> features, List<String> kept) {
        List<Column> values = new ArrayList<>();
        kept.forEach(name -> values.add(col(name)));
        features.forEach(feature -> values.add(Encoders.value(feature).as("value_" + feature.name())));
        List<Column> ids = encoders.columns(raw, features);
        for (int i = 0; i < features.size(); i++) {
            values.add(ids.get(i).as("code_" + features.get(i).name()));
        }
        List<Column> looked = new ArrayList<>();
        kept.forEach(name -> looked.add(col(name)));
        for (FeatureDefinition feature : features) {
            Column value = col("value_" + feature.name());
            Column id = col("code_" + feature.name());
            boolean sequence = feature.type() == FeatureType.SEQUENCE;
            Column isMissing =
                    switch (feature.type()) {
                        case SPARSE -> value.isNull();
                        case DENSE -> org.apache.spark.sql.functions.not(Encoders.isFinite(value));
                        case SEQUENCE -> value.isNull().or(size(value).equalTo(0));
                    };
            Column hasNoId = feature.type() == FeatureType.DENSE
                    ? lit(false)
                    : sequence
                            ? size(filter(id, one -> one.equalTo(0))).gt(0)
                            : id.equalTo(0).and(value.isNotNull());
            looked.add(when(isMissing, 1.0).otherwise(0.0).as(MISSING + feature.name()));
            looked.add(when(hasNoId, 1.0).otherwise(0.0).as(UNKNOWN + feature.name()));
            Column isCut = sequence ? size(value).gt(feature.maxLength()) : lit(false);
            looked.add(when(isCut, 1.0).otherwise(0.0).as(CUT + feature.name()));
        }
        return raw.select(values.toArray(Column[]::new)).select(looked.toArray(Column[]::new));
    }
}
