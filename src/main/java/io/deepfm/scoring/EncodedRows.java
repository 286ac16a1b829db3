package io.deepfm.scoring;

import io.deepfm.data.encode.ScalaSeq;
import io.deepfm.inference.FeatureTable;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldSchema;
import java.util.List;
import org.apache.spark.sql.Row;

/** Spark's rows of encoded features as the model's input. */
final class EncodedRows {

    private EncodedRows() {}

    /**
     * A table of some rows.
     *
     * @param rows each holds the fields' values one after the other; null for one of whom nothing is known
     * @param first where in a row the first field's value stands
     * @param fields the fields of one group
     * @return row i of {@code rows} in row i; codes and numbers are 0 where nothing is known
     */
    static FeatureTable table(List<Row> rows, int first, List<FieldSchema> fields) {
        int codeWidth = fields.stream()
                .filter(field -> field.type() != FeatureType.DENSE)
                .mapToInt(FieldSchema::maxLength)
                .sum();
        int valueWidth = (int) fields.stream()
                .filter(field -> field.type() == FeatureType.DENSE)
                .count();
        int[] codes = new int[rows.size() * codeWidth];
        float[] values = new float[rows.size() * valueWidth];
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i) != null) {
                fill(rows.get(i), first, fields, codes, i * codeWidth, values, i * valueWidth);
            }
        }
        return new FeatureTable(rows.size(), codes, values);
    }

    private static void fill(
            Row row, int first, List<FieldSchema> fields, int[] codes, int firstCode, float[] values, int firstValue) {
        int code = firstCode;
        int value = firstValue;
        for (int i = 0; i < fields.size(); i++) {
            switch (fields.get(i).type()) {
                case SPARSE -> codes[code++] = row.getInt(first + i);
                case DENSE -> values[value++] = row.getFloat(first + i);
                case SEQUENCE -> {
                    int[] list = ScalaSeq.toInts(row.<Integer>getSeq(first + i));
                    System.arraycopy(list, 0, codes, code, list.length);
                    code += fields.get(i).maxLength();
                }
            }
        }
    }
}
