package io.deepfm.dataset;

import io.deepfm.storage.Storage;
import org.apache.hadoop.fs.Path;

/** Fetches a dataset's raw files; found by {@link java.util.ServiceLoader}, as {@link DatasetAdapter} is. */
public interface DatasetDownload {

    /**
     * The value of {@code data.dataset_name} whose files these are.
     *
     * @return a short name
     */
    String name();

    /**
     * Fetches the raw files.
     *
     * @param folder where they will be; it appears whole or not at all
     * @param storage the file systems
     * @throws io.deepfm.storage.DataException if they cannot be had
     */
    void into(Path folder, Storage storage);
}
