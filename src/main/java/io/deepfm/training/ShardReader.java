package io.deepfm.training;

import io.deepfm.inference.FeatureTable;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetColumns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Reads an epoch's shards, one in memory at a time, and cuts their rows into batches in the shards' order.
 *
 * <p>Batches run across the borders of shards. All have the size asked for but the last; a last single row joins the
 * batch before it, since batch normalization needs two.
 */
public final class ShardReader implements Iterator<Batch> {

    private record Shard(ParquetColumns columns, FeatureTable context) {}

    private record Piece(Shard shard, int start, int end) {}

    private final Storage storage;
    private final DatasetSchema schema;
    private final int batchSize;
    private final List<Path> files;
    private final long rows;
    private long delivered;
    private int nextFile;
    private Shard current;
    private int position;

    /**
     * @param storage the file systems
     * @param folder the epoch's folder
     * @param schema the fields
     * @param batchSize rows per batch
     * @throws DataException if there are no shards or one cannot be read
     */
    public ShardReader(Storage storage, Path folder, DatasetSchema schema, int batchSize) {
        this.storage = storage;
        this.schema = schema;
        this.batchSize = batchSize;
        this.files = storage.files(folder, ".parquet").stream()
                .map(FileStatus::getPath)
                .sorted(Comparator.comparingInt(ShardReader::shardNumber))
                .toList();
        this.rows = files.stream()
                .mapToLong(file -> ParquetColumns.countRows(storage, file))
                .sum();
        if (rows < 2) {
            throw new DataException("The epoch " + folder + " has " + rows + " rows; training needs at least 2."
                    + " Run sample again with --force.");
        }
    }

    /**
     * The rows of the epoch.
     *
     * @return over all shards
     */
    public long rows() {
        return rows;
    }

    @Override
    public boolean hasNext() {
        return delivered < rows;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        long left = rows - delivered;
        int size = (int) (left <= batchSize + 1 ? left : batchSize);
        List<Piece> pieces = new ArrayList<>();
        for (int missing = size; missing > 0; ) {
            if (current == null || position == current.columns().rows()) {
                open();
            }
            int end = Math.min(current.columns().rows(), position + missing);
            pieces.add(new Piece(current, position, end));
            missing -= end - position;
            position = end;
        }
        delivered += size;
        return join(pieces, size);
    }

    private void open() {
        List<String> names = new ArrayList<>(List.of(Tables.USER_ROW, Tables.ITEM_ROW, Tables.LABEL));
        schema.fields(FieldGroup.CONTEXT).forEach(field -> names.add(field.name()));
        ParquetColumns columns = ParquetColumns.read(storage, files.get(nextFile++), names);
        current = new Shard(columns, FeatureTable.of(columns, schema, FieldGroup.CONTEXT));
        position = 0;
    }

    private Batch join(List<Piece> pieces, int size) {
        int[] userRows = new int[size];
        int[] itemRows = new int[size];
        float[] labels = new float[size];
        List<FeatureTable> contexts = new ArrayList<>();
        int at = 0;
        for (Piece piece : pieces) {
            ParquetColumns columns = piece.shard().columns();
            int length = piece.end() - piece.start();
            System.arraycopy(columns.ints(Tables.USER_ROW), piece.start(), userRows, at, length);
            System.arraycopy(columns.ints(Tables.ITEM_ROW), piece.start(), itemRows, at, length);
            int[] from = columns.ints(Tables.LABEL);
            for (int i = 0; i < length; i++) {
                labels[at + i] = from[piece.start() + i];
            }
            contexts.add(piece.shard().context().slice(piece.start(), piece.end()));
            at += length;
        }
        return new Batch(userRows, itemRows, labels, FeatureTable.concat(contexts));
    }

    private static int shardNumber(Path file) {
        String folder = file.getParent().getName();
        try {
            return Integer.parseInt(folder.substring(folder.indexOf('=') + 1));
        } catch (NumberFormatException e) {
            throw new DataException(file + " is not in a folder shard=NUMBER. Run sample again with" + " --force.", e);
        }
    }
}
