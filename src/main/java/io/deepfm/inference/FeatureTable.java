package io.deepfm.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.GroupLayout;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetColumns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The encoded features of one group of fields, row by row, in memory.
 *
 * @param rows the number of rows
 * @param ids the ids of the sparse and sequence fields, row after row, sequences padded with 0
 * @param values the numbers of the dense fields, row after row
 */
public record FeatureTable(int rows, int[] ids, float[] values) implements Serializable {

    /**
     * Reads the table of all users or all items.
     *
     * @param storage the file systems
     * @param folder Parquet files with an index and one column per field, in any order of rows
     * @param schema the fields
     * @param group the group
     * @return the table, each row at its index
     */
    public static FeatureTable read(Storage storage, Path folder, DatasetSchema schema, FieldGroup group) {
        List<FieldSchema> fields = schema.fields(group);
        Map<ParquetColumns, int[]> indices = new LinkedHashMap<>();
        int rows = 0;
        for (FileStatus file : storage.files(folder, ".parquet")) {
            String index = ParquetColumns.names(storage, file.getPath()).get(0);
            List<String> names = new ArrayList<>(List.of(index));
            fields.forEach(field -> names.add(field.name()));
            ParquetColumns columns = ParquetColumns.read(storage, file.getPath(), names);
            indices.put(columns, columns.ints(index));
            rows += columns.rows();
        }
        GroupLayout layout = GroupLayout.of(fields);
        FeatureTable table = empty(rows, layout);
        indices.forEach((columns, targets) -> table.fill(columns, targets, layout, folder));
        return table;
    }

    /**
     * The features of a group in rows that are read in order, such as the context of a shard's rows.
     *
     * @param columns one column per field
     * @param schema the fields
     * @param group the group
     * @return the table, in the order of the rows
     */
    public static FeatureTable of(ParquetColumns columns, DatasetSchema schema, FieldGroup group) {
        GroupLayout layout = GroupLayout.of(schema.fields(group));
        FeatureTable table = empty(columns.rows(), layout);
        int[] rows = new int[columns.rows()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
        table.fill(columns, rows, layout, null);
        return table;
    }

    /**
     * Some of the rows, one after the other.
     *
     * @param start the first
     * @param end after the last
     * @return a copy of them
     */
    public FeatureTable slice(int start, int end) {
        int idWidth = width(ids.length);
        int valueWidth = width(values.length);
        return new FeatureTable(
                end - start,
                Arrays.copyOfRange(ids, start * idWidth, end * idWidth),
                Arrays.copyOfRange(values, start * valueWidth, end * valueWidth));
    }

    /**
     * Some of the rows.
     *
     * @param indices which
     * @return copies of them, in their order
     */
    public FeatureTable rows(int[] indices) {
        int idWidth = width(ids.length);
        int valueWidth = width(values.length);
        FeatureTable found = new FeatureTable(
                indices.length, new int[indices.length * idWidth], new float[indices.length * valueWidth]);
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(ids, indices[i] * idWidth, found.ids, i * idWidth, idWidth);
            System.arraycopy(values, indices[i] * valueWidth, found.values, i * valueWidth, valueWidth);
        }
        return found;
    }

    /**
     * The same rows, but one field's features are those of others.
     *
     * @param slot the field's place
     * @param order for each row the one whose features of the field it gets
     * @return a copy
     */
    public FeatureTable shuffled(GroupLayout.Slot slot, int[] order) {
        FeatureTable copy = new FeatureTable(rows, ids.clone(), values.clone());
        boolean isDense = slot.field().type() == FeatureType.DENSE;
        int width = width(isDense ? values.length : ids.length);
        Object from = isDense ? values : ids;
        Object to = isDense ? copy.values : copy.ids;
        for (int row = 0; row < rows; row++) {
            System.arraycopy(
                    from,
                    order[row] * width + slot.column(),
                    to,
                    row * width + slot.column(),
                    slot.field().maxLength());
        }
        return copy;
    }

    /**
     * The rows and others without any features, so that there are so many.
     *
     * @param count at least as many as there are
     * @return ids and values of 0 after the table's own
     */
    public FeatureTable padded(int count) {
        return new FeatureTable(
                count,
                Arrays.copyOf(ids, count * width(ids.length)),
                Arrays.copyOf(values, count * width(values.length)));
    }

    /**
     * The rows of several tables, one after the other.
     *
     * @param tables tables of the same fields, at least one
     * @return one table
     */
    public static FeatureTable concat(List<FeatureTable> tables) {
        if (tables.size() == 1) {
            return tables.get(0);
        }
        int rows = tables.stream().mapToInt(FeatureTable::rows).sum();
        int[] ids = new int[tables.stream().mapToInt(table -> table.ids.length).sum()];
        float[] values =
                new float[tables.stream().mapToInt(table -> table.values.length).sum()];
        int id = 0;
        int value = 0;
        for (FeatureTable table : tables) {
            System.arraycopy(table.ids, 0, ids, id, table.ids.length);
            System.arraycopy(table.values, 0, values, value, table.values.length);
            id += table.ids.length;
            value += table.values.length;
        }
        return new FeatureTable(rows, ids, values);
    }

    /**
     * Copies the table to a device.
     *
     * @param manager owns the arrays
     * @param rowNumbers which row belongs to each row of a batch, shape (B); null for row i to batch row i
     * @return the model's input
     */
    public FeatureBatch.Group toDevice(NDManager manager, NDArray rowNumbers) {
        return new FeatureBatch.Group(
                ids.length == 0 ? null : manager.create(ids, new Shape(rows, width(ids.length))),
                values.length == 0 ? null : manager.create(values, new Shape(rows, width(values.length))),
                rowNumbers);
    }

    private int width(int length) {
        return rows == 0 ? 0 : length / rows;
    }

    private static FeatureTable empty(int rows, GroupLayout layout) {
        return new FeatureTable(rows, new int[rows * layout.idWidth()], new float[rows * layout.valueWidth()]);
    }

    private void fill(ParquetColumns columns, int[] targets, GroupLayout layout, Path folder) {
        for (int target : targets) {
            if (target < 0 || target >= rows) {
                throw new DataException(folder + ": index " + target + " in a table of " + rows + " rows.");
            }
        }
        int idWidth = layout.idWidth();
        int valueWidth = layout.valueWidth();
        for (GroupLayout.Slot slot : layout.slots()) {
            String name = slot.field().name();
            switch (slot.field().type()) {
                case SPARSE -> {
                    int[] column = columns.ints(name);
                    for (int i = 0; i < targets.length; i++) {
                        ids[targets[i] * idWidth + slot.column()] = column[i];
                    }
                }
                case DENSE -> {
                    float[] column = columns.floats(name);
                    for (int i = 0; i < targets.length; i++) {
                        values[targets[i] * valueWidth + slot.column()] = column[i];
                    }
                }
                case SEQUENCE -> {
                    int[] column = columns.ints(name);
                    int[] offsets = columns.offsets(name);
                    for (int i = 0; i < targets.length; i++) {
                        int length = Math.min(
                                offsets[i + 1] - offsets[i], slot.field().maxLength());
                        System.arraycopy(column, offsets[i], ids, targets[i] * idWidth + slot.column(), length);
                    }
                }
            }
        }
    }
}
