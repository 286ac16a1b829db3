package io.deepfm.training.shard;

import io.deepfm.inference.FeatureTable;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** One shard's groups in memory, column by column, all indices checked. */
final class Shard {

    private final int[] users;
    private final int[] items;
    private final int[] labels;
    private final int[] offsets;
    private final int[] negatives;
    private final FeatureTable context;
    private final float[] weights;

    private Shard(ParquetColumns columns, DatasetSchema schema, boolean isWeighted) {
        this.users = columns.ints(Tables.USER_INDEX);
        this.items = columns.ints(Tables.ITEM_INDEX);
        this.labels = columns.ints(Tables.LABEL);
        this.offsets = columns.offsets(Tables.NEGATIVES);
        this.negatives = columns.ints(Tables.NEGATIVES);
        this.context = FeatureTable.of(columns, schema, FieldGroup.CONTEXT);
        this.weights = isWeighted ? columns.floats(Tables.WEIGHT) : new float[0];
    }

    /**
     * Reads a shard.
     *
     * @param storage the file systems
     * @param file a Parquet file
     * @param schema the fields
     * @param tables how many users and items there are
     * @return its groups
     * @throws DataException if the file cannot be read, or a user, an item or a label is none
     */
    static Shard read(Storage storage, Path file, DatasetSchema schema, ShardReader.Tables tables) {
        List<String> names =
                new ArrayList<>(List.of(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.LABEL, Tables.NEGATIVES));
        schema.fields(FieldGroup.CONTEXT).forEach(field -> names.add(field.name()));
        boolean isWeighted = ParquetColumns.names(storage, file).contains(Tables.WEIGHT);
        if (isWeighted) {
            names.add(Tables.WEIGHT);
        }
        ParquetColumns columns = ParquetColumns.read(storage, file, names);
        if (columns.offsets(Tables.NEGATIVES) == null) {
            throw unfit(file + ": column " + Tables.NEGATIVES + " holds no lists.");
        }
        Shard shard = new Shard(columns, schema, isWeighted);
        require(file, Tables.USER_INDEX, shard.users, tables.users());
        require(file, Tables.ITEM_INDEX, shard.items, tables.items());
        require(file, Tables.NEGATIVES, shard.negatives, tables.items());
        require(file, Tables.LABEL, shard.labels, 2);
        return shard;
    }

    private static void require(Path file, String column, int[] values, int end) {
        for (int value : values) {
            if (value < 0 || value >= end) {
                throw unfit(file + ": column " + column + " holds " + value + ", which is not within 0 to " + (end - 1)
                        + "; the file is damaged or belongs to other tables.");
            }
        }
    }

    /** The error of a shard that cannot be trained on, with what to do about it. */
    static DataException unfit(String what) {
        return new DataException(frontEnd -> what + " " + frontEnd.replace("sample --epochs N"));
    }

    int groups() {
        return users.length;
    }

    /** The rows of a group. */
    int rows(int group) {
        return 1 + offsets[group + 1] - offsets[group];
    }

    /** Some of the groups, as copies. */
    Batch batch(int start, int end) {
        int groups = end - start;
        int rows = groups + offsets[end] - offsets[start];
        int[] batchOffsets = new int[groups + 1];
        int[] batchItems = new int[rows];
        float[] batchLabels = new float[rows];
        int row = 0;
        for (int group = start; group < end; group++) {
            int drawn = offsets[group + 1] - offsets[group];
            batchItems[row] = items[group];
            batchLabels[row] = labels[group];
            System.arraycopy(negatives, offsets[group], batchItems, row + 1, drawn);
            row += 1 + drawn;
            batchOffsets[group - start + 1] = row;
        }
        return new Batch(
                Arrays.copyOfRange(users, start, end),
                batchOffsets,
                batchItems,
                batchLabels,
                weights.length == 0 ? weights : Arrays.copyOfRange(weights, start, end),
                context.slice(start, end));
    }
}
