package io.deepfm.dataset;

import io.deepfm.config.Choice;
import io.deepfm.config.ConfigException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;

/** The datasets: what a configuration describes, the registered adapters and downloads. */
public final class Datasets {

    private Datasets() {}

    /** What a configuration may say of its dataset. */
    private record Settings(Optional<DatasetDefinition> dataset) {}

    /**
     * What a configuration can choose by {@code data.dataset_name} without a section {@code dataset}, and that section.
     *
     * @return the names in alphabetical order
     */
    public static Choice choice() {
        Set<String> names = new TreeSet<>(adapters().keySet());
        ServiceLoader.load(DatasetDownload.class).forEach(download -> names.add(download.name()));
        return new Choice("data.dataset_name", names, List.of(Settings.class));
    }

    /**
     * The dataset of a configuration.
     *
     * @param config the settings
     * @return its section {@code dataset}, or what the adapter of the name {@code data.dataset_name} says
     * @throws ConfigException if there is neither
     */
    public static DatasetDefinition of(ExperimentConfig config) {
        return config.sections().find(DatasetDefinition.class).orElseGet(() -> {
            String name = config.data().datasetName();
            DatasetAdapter adapter = adapters().get(name);
            if (adapter == null) {
                throw new ConfigException(
                        choice().unknown(name).getMessage() + " Or describe the dataset in a section dataset { ... }.");
            }
            return adapter.definition(config.data());
        });
    }

    /**
     * Fetches the raw files of the dataset that {@code data.dataset_name} names into {@code data.data_dir}.
     *
     * @param config the settings
     * @param storage the file systems
     * @throws DataException if they cannot be had
     */
    public static void download(ExperimentConfig config, Storage storage) {
        String name = config.data().datasetName();
        Path folder = new Path(config.data().dataDir());
        for (DatasetDownload download : ServiceLoader.load(DatasetDownload.class)) {
            if (download.name().equals(name)) {
                download.into(folder, storage);
                return;
            }
        }
        throw new DataException("There is no download for the dataset " + name + ". Put its files into " + folder
                + ", or set data.data_dir to the folder that contains them.");
    }

    private static Map<String, DatasetAdapter> adapters() {
        Map<String, DatasetAdapter> adapters = new TreeMap<>();
        ServiceLoader.load(DatasetAdapter.class).forEach(adapter -> adapters.put(adapter.name(), adapter));
        return adapters;
    }
}
