package io.deepfm.scoring.task;

import io.deepfm.inference.FeatureTable;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.GroupLayout;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/** Collects one group's features of Spark's own rows as the model's input, without an object per row. */
final class FeatureRows {

    private final GroupLayout layout;
    private int rows;
    private int[] ids = new int[0];
    private float[] values = new float[0];

    /**
     * @param fields the fields of the group
     */
    FeatureRows(List<FieldSchema> fields) {
        layout = GroupLayout.of(fields);
    }

    /**
     * Adds a row.
     *
     * @param row any
     * @param columns where each field's value stands
     */
    void add(InternalRow row, int[] columns) {
        grow();
        int id = (rows - 1) * layout.idWidth();
        int value = (rows - 1) * layout.valueWidth();
        for (int i = 0; i < layout.slots().size(); i++) {
            GroupLayout.Slot slot = layout.slots().get(i);
            FeatureType type = slot.field().type();
            if (type == FeatureType.DENSE) {
                values[value + slot.column()] = row.getFloat(columns[i]);
            } else if (type == FeatureType.SPARSE) {
                ids[id + slot.column()] = row.getInt(columns[i]);
            } else {
                int[] sequence = row.getArray(columns[i]).toIntArray();
                System.arraycopy(
                        sequence,
                        0,
                        ids,
                        id + slot.column(),
                        Math.min(sequence.length, slot.field().maxLength()));
            }
        }
    }

    /**
     * Adds a row that is laid out already.
     *
     * @param itsIds the ids of its sparse and sequence fields
     * @param itsValues the numbers of its dense fields
     */
    void add(int[] itsIds, float[] itsValues) {
        grow();
        System.arraycopy(itsIds, 0, ids, (rows - 1) * layout.idWidth(), itsIds.length);
        System.arraycopy(itsValues, 0, values, (rows - 1) * layout.valueWidth(), itsValues.length);
    }

    /**
     * What has been added.
     *
     * @return a copy, which later rows do not change
     */
    FeatureTable table() {
        return new FeatureTable(
                rows, Arrays.copyOf(ids, rows * layout.idWidth()), Arrays.copyOf(values, rows * layout.valueWidth()));
    }

    private void grow() {
        rows++;
        if (ids.length < rows * layout.idWidth() || values.length < rows * layout.valueWidth()) {
            ids = Arrays.copyOf(ids, 2 * rows * layout.idWidth());
            values = Arrays.copyOf(values, 2 * rows * layout.valueWidth());
        }
    }
}
