package io.deepfm.scoring;

import io.deepfm.data.ScalaSeq;
import io.deepfm.model.FeatureTable;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.List;
import org.apache.spark.sql.Row;

/** The context features of Spark's rows as the model takes them. */
final class ContextRow {

    private ContextRow() {}

    /**
     * Gathers the context features of some rows.
     *
     * @param rows the rows
     * @param columns the columns' places within a row
     * @param from the place in {@code columns} of the first context field; the others follow in the schema's order
     * @param schema the model's fields
     * @return one row of features per row, null where the model has no context fields
     */
    static FeatureTable table(List<Row> rows, int[] columns, int from, DatasetSchema schema) {
        List<FieldSchema> fields = schema.fields(FieldGroup.CONTEXT);
        if (fields.isEmpty()) {
            return null;
        }
        int codesPerRow = fields.stream()
                .filter(field -> field.type() != FeatureType.DENSE)
                .mapToInt(FieldSchema::maxLength)
                .sum();
        int valuesPerRow = (int) fields.stream()
                .filter(field -> field.type() == FeatureType.DENSE)
                .count();
        int[] codes = new int[rows.size() * codesPerRow];
        float[] values = new float[rows.size() * valuesPerRow];
        for (int i = 0; i < rows.size(); i++) {
            fill(rows.get(i), columns, from, fields, codes, i * codesPerRow, values, i * valuesPerRow);
        }
        return new FeatureTable(rows.size(), codes, values);
    }

    private static void fill(
            Row row,
            int[] columns,
            int from,
            List<FieldSchema> fields,
            int[] codes,
            int firstCode,
            float[] values,
            int firstValue) {
        int code = firstCode;
        int value = firstValue;
        for (int i = 0; i < fields.size(); i++) {
            int column = columns[from + i];
            switch (fields.get(i).type()) {
                case SPARSE -> codes[code++] = row.getInt(column);
                case DENSE -> values[value++] = row.getFloat(column);
                case SEQUENCE -> {
                    int[] list = ScalaSeq.toInts(row.<Integer>getSeq(column));
                    System.arraycopy(list, 0, codes, code, list.length);
                    code += fields.get(i).maxLength();
                }
            }
        }
    }
}
