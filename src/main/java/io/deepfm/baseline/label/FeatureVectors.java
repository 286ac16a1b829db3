package io.deepfm.baseline.label;

import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;

/**
 * Encoded context features as sparse vectors: a place for each id of a sparse field, 0 (missing or OOV) included, with a 1 at the
 * row's own; a place for each id of a sequence, with the number of times that it is there, without padding; and a place for each
 * dense value.
 */
final class FeatureVectors implements Serializable {

    private static final long serialVersionUID = 1L;

    private final List<FieldSchema> fields;

    /**
     * @param schema the fields
     */
    FeatureVectors(DatasetSchema schema) {
        this.fields = schema.fields(FieldGroup.CONTEXT);
    }

    private static int width(FieldSchema field) {
        return Math.max(1, field.vocabularySize());
    }

    /** The length of the vectors. */
    int size() {
        return Math.toIntExact(fields.stream().mapToLong(FeatureVectors::width).sum());
    }

    /** The vector of a row, which has the fields by their names. */
    Vector of(Row row) {
        Map<Integer, Double> values = new TreeMap<>();
        int start = 0;
        for (FieldSchema field : fields) {
            int column = row.fieldIndex(field.name());
            switch (field.type()) {
                case SPARSE -> values.put(start + row.getInt(column), 1.0);
                case DENSE -> values.put(start, (double) row.getFloat(column));
                case SEQUENCE -> {
                    for (int id : row.<Integer>getList(column)) {
                        if (id > 0) {
                            values.merge(start + id, 1.0, Double::sum);
                        }
                    }
                }
            }
            start += width(field);
        }
        return Vectors.sparse(
                start,
                values.keySet().stream().mapToInt(place -> place).toArray(),
                values.values().stream().mapToDouble(value -> value).toArray());
    }
}
