package io.deepfm.config;

import io.deepfm.config.names.NearestName;
import java.util.Collection;
import java.util.List;

/**
 * A setting whose value is a name, and what may be chosen by it.
 *
 * @param key the setting, such as {@code model_name}
 * @param names the names that are known
 * @param settings what the chosen ones read: records whose components are sections of the configuration
 */
public record Choice(String key, Collection<String> names, List<Class<? extends Record>> settings) {

    /** Copies the lists. */
    public Choice {
        names = List.copyOf(names);
        settings = List.copyOf(settings);
    }

    /**
     * An error about a name that is not known.
     *
     * @param name what was written
     * @return an exception whose message has the nearest name and all that are known
     */
    public ConfigException unknown(String name) {
        return new ConfigException(key + ": there is no " + name + ". Did you mean " + NearestName.of(name, names)
                + "? Known: " + String.join(", ", names) + ".");
    }

    /** Whether a name is known, in upper or lower case, with or without what follows {@code @}. */
    boolean has(String name) {
        return names.stream().map(Registry::plain).anyMatch(Registry.plain(name)::equals);
    }
}
