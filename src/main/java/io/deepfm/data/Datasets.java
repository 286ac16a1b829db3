package io.deepfm.data;

import io.deepfm.config.ConfigException;
import io.deepfm.config.NearestName;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;

/** The registered dataset adapters, by name. */
public final class Datasets {

    private Datasets() {}

    /**
     * The values that {@code data.dataset_name} may have.
     *
     * @return the names in alphabetical order
     */
    public static Set<String> names() {
        return adapters().keySet();
    }

    /**
     * Finds an adapter.
     *
     * @param name the value of {@code data.dataset_name}
     * @return the adapter
     * @throws ConfigException if there is none of that name
     */
    public static DatasetAdapter byName(String name) {
        Map<String, DatasetAdapter> adapters = adapters();
        DatasetAdapter adapter = adapters.get(name);
        if (adapter == null) {
            throw new ConfigException("data.dataset_name: there is no dataset " + name + ". Did you mean "
                    + NearestName.of(name, adapters.keySet()) + "? Known: " + adapters.keySet() + ".");
        }
        return adapter;
    }

    private static Map<String, DatasetAdapter> adapters() {
        Map<String, DatasetAdapter> adapters = new TreeMap<>();
        ServiceLoader.load(DatasetAdapter.class).forEach(adapter -> adapters.put(adapter.name(), adapter));
        return adapters;
    }
}
