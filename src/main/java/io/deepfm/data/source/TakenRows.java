package io.deepfm.data.source;

import io.deepfm.dataset.TableSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * The rows of queries that were taken over into files. Sessions that share it work on the same rows, whatever their tables
 * become meanwhile, or not at all.
 *
 * @param folder where the files are
 * @param files what was taken over so far, by where it came from
 */
public record TakenRows(Path folder, Map<TableSource, TableSource> files) {

    /**
     * Nothing so far.
     *
     * @param folder where the files will be
     */
    public TakenRows(Path folder) {
        this(folder, new HashMap<>());
    }
}
