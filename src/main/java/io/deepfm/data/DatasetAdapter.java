package io.deepfm.data;

import io.deepfm.config.DataConfig;
import io.deepfm.storage.Storage;

/**
 * A dataset: where its raw files are and what its columns mean. Adapters are found by {@link java.util.ServiceLoader}.
 */
public interface DatasetAdapter {

    /**
     * The value of {@code data.dataset_name} that selects this adapter.
     *
     * @return a short name
     */
    String name();

    /**
     * Describes the dataset.
     *
     * @param config such as the folder of the raw files and the label's threshold
     * @return tables, keys, label and features
     */
    DatasetDefinition definition(DataConfig config);

    /**
     * Fetches the raw files into {@code data.data_dir}.
     *
     * @param config the folder
     * @param storage the file systems
     * @throws io.deepfm.storage.DataException if they cannot be had
     */
    void download(DataConfig config, Storage storage);
}
