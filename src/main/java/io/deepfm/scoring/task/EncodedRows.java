package io.deepfm.scoring.task;

import io.deepfm.data.encode.ScalaSeq;
import io.deepfm.inference.FeatureTable;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.GroupLayout;
import java.util.List;
import org.apache.spark.sql.Row;

/** Spark's rows of encoded features as the model's input. */
public final class EncodedRows {

    private EncodedRows() {}

    /**
     * A table of rows that hold one group's features and nothing else.
     *
     * @param rows each with the fields' values one after the other; null for one of whom nothing is known
     * @param fields the fields of the group
     * @return row i of {@code rows} in row i; ids and values are 0 where nothing is known
     */
    public static FeatureTable table(List<Row> rows, List<FieldSchema> fields) {
        GroupLayout layout = GroupLayout.of(fields);
        int[] ids = new int[rows.size() * layout.idWidth()];
        float[] values = new float[rows.size() * layout.valueWidth()];
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            for (int j = 0; row != null && j < fields.size(); j++) {
                GroupLayout.Slot slot = layout.slots().get(j);
                int id = i * layout.idWidth() + slot.column();
                switch (slot.field().type()) {
                    case SPARSE -> ids[id] = row.getInt(j);
                    case DENSE -> values[i * layout.valueWidth() + slot.column()] = row.getFloat(j);
                    case SEQUENCE -> {
                        int[] list = ScalaSeq.toInts(row.<Integer>getSeq(j));
                        System.arraycopy(
                                list,
                                0,
                                ids,
                                id,
                                Math.min(list.length, slot.field().maxLength()));
                    }
                }
            }
        }
        return new FeatureTable(rows.size(), ids, values);
    }
}
