package io.deepfm.config.names;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** All settings by their whole keys, such as {@code training.lr} or {@code dataset.features.age.embedding_dim}. */
public final class FlatSettings {

    private static final Set<String> PLACES = Set.of("output_dir", "work_dir", "data.data_dir");

    private FlatSettings() {}

    /**
     * Lays out a configuration.
     *
     * @param config sections within sections, as {@link io.deepfm.config.ConfigLoader#toMap} gives them; elements of a list go by their names
     *     where they have names
     * @return each value by its key
     */
    public static SortedMap<String, Object> of(Map<String, ?> config) {
        SortedMap<String, Object> flat = new TreeMap<>();
        flatten("", config, flat);
        return flat;
    }

    private static void flatten(String prefix, Map<?, ?> settings, SortedMap<String, Object> into) {
        settings.forEach((key, value) -> {
            if (value instanceof Map<?, ?> section) {
                flatten(prefix + key + ".", section, into);
            } else if (value instanceof List<?> list
                    && !list.isEmpty()
                    && list.stream().allMatch(FlatSettings::isNamed)) {
                list.forEach(each ->
                        flatten(prefix + key + "." + ((Map<?, ?>) each).get("name") + ".", (Map<?, ?>) each, into));
            } else {
                into.put(prefix + key, value);
            }
        });
    }

    private static boolean isNamed(Object element) {
        return element instanceof Map<?, ?> section && section.containsKey("name");
    }

    /**
     * The settings that differ, but for those that only say where files are.
     *
     * @param then all settings as {@link #of} gives them
     * @param now the same at another time; of these only keys that were there then count
     * @return such as {@code training.lr = 0.001, now 0.01}
     */
    public static List<String> differences(Map<String, ?> then, Map<String, ?> now) {
        return then.keySet().stream()
                .filter(key -> !isPlace(key) && now.containsKey(key))
                .filter(key -> !String.valueOf(then.get(key)).equals(String.valueOf(now.get(key))))
                .map(key -> key + " = " + then.get(key) + ", now " + now.get(key))
                .toList();
    }

    /**
     * Whether a setting only says where files are.
     *
     * @param key the whole key
     * @return true for output_dir, work_dir and the paths of a dataset
     */
    public static boolean isPlace(String key) {
        return PLACES.contains(key) || key.startsWith("dataset.") && key.endsWith(".path");
    }
}
