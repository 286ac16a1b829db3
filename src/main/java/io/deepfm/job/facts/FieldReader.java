package io.deepfm.job.facts;

import static org.apache.spark.sql.functions.col;

import io.deepfm.data.EncodeStage;
import io.deepfm.data.encode.FieldEncoder;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.report.facts.FieldValues;
import io.deepfm.report.statistics.HeldOutRow;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The values of all fields in the held-out rows, from the encoded tables: ids as the values they stand for, numbers by the
 * quarter of the rows that they are in.
 *
 * @param spark the session
 * @param work holds the encoded tables
 * @param dataset the encoded features
 */
record FieldReader(SparkSession spark, WorkDirectory work, DatasetDefinition dataset) {

    private static final List<String> QUARTERS =
            List.of("lowest quarter", "second quarter", "third quarter", "highest quarter");

    /**
     * Reads them.
     *
     * @param rows the held-out rows
     * @param areSampled which rows of the test split these are
     * @return for each field its values, in the order of the rows
     */
    List<FieldValues> of(List<HeldOutRow> rows, Column areSampled) {
        List<FieldSchema> fields = EncodeStage.schema(work).fields();
        Map<String, FieldEncoder> encoders =
                FieldEncoder.fromJson(work.storage().readString(work.path(EncodeStage.ENCODERS)));
        Map<Long, Row> found = new HashMap<>();
        encoded(fields, areSampled).collectAsList().forEach(row -> found.put(row.getLong(0), row));
        List<FieldValues> values = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            int column = 1 + i;
            FieldSchema field = fields.get(i);
            List<Object> raw = rows.stream()
                    .map(row -> found.get(row.interaction()))
                    .map(row -> field.type() == FeatureType.SEQUENCE ? row.getList(column) : row.get(column))
                    .toList();
            values.add(new FieldValues(
                    field.name(),
                    field.type() == FeatureType.DENSE ? quarters(raw) : named(raw, encoder(field, encoders))));
        }
        return values;
    }

    /** The interaction, then the fields. */
    private Dataset<Row> encoded(List<FieldSchema> fields, Column areSampled) {
        Dataset<Row> rows = table("interactions/" + Tables.TEST).filter(areSampled);
        if (fields.stream().anyMatch(field -> field.group() == FieldGroup.USER)) {
            rows = rows.join(table(Tables.USERS), Tables.USER_INDEX);
        }
        if (fields.stream().anyMatch(field -> field.group() == FieldGroup.ITEM)) {
            rows = rows.join(table(Tables.ITEMS), Tables.ITEM_INDEX);
        }
        List<Column> columns = new ArrayList<>(List.of(col(Tables.INTERACTION)));
        fields.forEach(field -> columns.add(col(field.name())));
        return rows.select(columns.toArray(Column[]::new));
    }

    private Dataset<Row> table(String name) {
        return ParquetTables.read(spark, work.path(Tables.ENCODED + "/" + name));
    }

    /** A history of items has the items' ids. */
    private FieldEncoder encoder(FieldSchema field, Map<String, FieldEncoder> encoders) {
        FieldEncoder own = encoders.get(field.name());
        return own != null || dataset.itemFeature().isEmpty()
                ? own
                : encoders.get(dataset.itemFeature().get().name().text());
    }

    private static List<List<String>> named(List<Object> raw, FieldEncoder encoder) {
        return raw.stream()
                .map(value -> value instanceof List<?> ids
                        ? ids.stream().map(id -> name((int) id, encoder)).toList()
                        : List.of(name((int) value, encoder)))
                .toList();
    }

    private static String name(int id, FieldEncoder encoder) {
        if (id == 0) {
            return FieldValues.UNKNOWN;
        }
        return encoder instanceof FieldEncoder.Vocabulary vocabulary
                ? vocabulary.values().get(id - 1)
                : "id " + id;
    }

    private static List<List<String>> quarters(List<Object> raw) {
        double[] numbers = raw.stream()
                .mapToDouble(value -> ((Number) value).doubleValue())
                .toArray();
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return Arrays.stream(numbers)
                .mapToObj(number -> {
                    int quarter = 0;
                    while (quarter < 3 && number > sorted[(quarter + 1) * (sorted.length - 1) / 4]) {
                        quarter++;
                    }
                    return List.of(QUARTERS.get(quarter));
                })
                .toList();
    }
}
