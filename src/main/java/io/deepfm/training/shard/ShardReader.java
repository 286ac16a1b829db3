package io.deepfm.training.shard;

import io.deepfm.schema.DatasetSchema;
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
 * Reads an epoch's shards, one in memory at a time, and cuts their groups into batches in the shards' order.
 *
 * <p>Batches run across the borders of shards. Each takes as many whole groups as fit into the number of rows asked for.
 * Since batch normalization needs two rows, a batch takes at least two, and a last single row joins the batch before it.
 */
public final class ShardReader implements Iterator<Batch> {

    /**
     * The sizes of the encoded tables.
     *
     * @param users the number of users
     * @param items the number of items
     */
    public record Tables(int users, int items) {}

    private final Storage storage;
    private final Path folder;
    private final DatasetSchema schema;
    private final Tables tables;
    private final int batchSize;
    private final Iterator<Path> files;
    private final long rows;
    private long left;
    private Shard shard;
    private int position;

    /**
     * @param storage the file systems
     * @param folder the epoch's folder
     * @param schema the fields
     * @param tables what users and items a shard may name
     * @param batchSize rows per batch
     * @throws DataException if there are no shards or one cannot be read
     */
    public ShardReader(Storage storage, Path folder, DatasetSchema schema, Tables tables, int batchSize) {
        this.storage = storage;
        this.folder = folder;
        this.schema = schema;
        this.tables = tables;
        this.batchSize = batchSize;
        if (!storage.exists(folder)) {
            throw Shard.unfit("There are no shards: " + folder + " does not exist.");
        }
        List<Path> shards = storage.files(folder, ".parquet").stream()
                .map(FileStatus::getPath)
                .sorted(Comparator.comparingInt(ShardReader::shardNumber))
                .toList();
        this.files = shards.iterator();
        this.rows = shards.stream()
                .mapToLong(file -> ParquetColumns.countRows(storage, file)
                        + ParquetColumns.countValues(storage, file, io.deepfm.schema.Tables.NEGATIVES))
                .sum();
        this.left = rows;
        if (rows < 2) {
            throw Shard.unfit("The epoch " + folder + " has " + rows + " rows; training needs at least 2.");
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
        return left > 0;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        List<Batch> parts = new ArrayList<>();
        int size = 0;
        boolean full = false;
        while (!full && size < left) {
            if (shard == null) {
                open();
            }
            int start = position;
            while (position < shard.groups() && fits(size, shard.rows(position))) {
                size += shard.rows(position++);
            }
            full = position < shard.groups();
            if (position > start) {
                parts.add(shard.batch(start, position));
            }
            if (!full) {
                shard = null;
            }
        }
        left -= size;
        if (left < 0) {
            throw damaged("more");
        }
        return Batch.concat(parts);
    }

    private boolean fits(int size, int group) {
        return size < 2 || size + group <= batchSize || left - size == 1;
    }

    private void open() {
        if (!files.hasNext()) {
            throw damaged("fewer");
        }
        shard = Shard.read(storage, files.next(), schema, tables);
        position = 0;
    }

    private DataException damaged(String what) {
        return Shard.unfit("The shards of " + folder + " hold " + what + " rows than their footers say.");
    }

    private static int shardNumber(Path file) {
        String name = file.getParent().getName();
        try {
            return Integer.parseInt(name.substring(name.indexOf('=') + 1));
        } catch (NumberFormatException e) {
            throw Shard.unfit(file + " is not in a folder shard=NUMBER.");
        }
    }
}
