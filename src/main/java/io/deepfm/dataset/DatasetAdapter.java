package io.deepfm.dataset;

import io.deepfm.config.DataConfig;

/**
 * Describes a dataset that a configuration alone cannot: an implementation is named in the file {@code
 * META-INF/services/io.deepfm.dataset.DatasetAdapter} of a jar on the classpath and found by {@link java.util.ServiceLoader}.
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
}
