package io.deepfm.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The extensions of one kind by name: those of the program first, then those of other jars.
 *
 * @param <T> the kind
 */
public final class Registry<T extends Extension<?>> {

    private final String key;
    private final Map<String, T> byName = new LinkedHashMap<>();

    /**
     * Finds all extensions of a kind.
     *
     * @param key the setting that chooses one, such as {@code model_name}
     * @param kind the interface
     * @throws ConfigException if one cannot be loaded, or two have the same name
     */
    public Registry(String key, Class<T> kind) {
        this.key = key;
        try {
            ServiceLoader.load(kind).forEach(this::add);
        } catch (ServiceConfigurationError e) {
            throw new ConfigException(key + ": an extension on the classpath cannot be loaded: " + e.getMessage());
        }
    }

    private void add(T extension) {
        T other = byName.put(plain(extension.name()), extension);
        if (other != null) {
            throw new ConfigException(key + ": two extensions on the classpath are named " + extension.name() + ": "
                    + other.getClass().getName() + " and "
                    + extension.getClass().getName() + ".");
        }
    }

    /**
     * The extension of a name.
     *
     * @param name its name, in upper or lower case; what follows {@code @}, as in {@code HR@10}, does not count
     * @return the extension
     * @throws ConfigException if there is none
     */
    public T get(String name) {
        T extension = byName.get(plain(name));
        if (extension == null) {
            throw choice().unknown(name);
        }
        return extension;
    }

    /**
     * All extensions of the kind.
     *
     * @return in the order of their files
     */
    public List<T> all() {
        return List.copyOf(byName.values());
    }

    /**
     * What a configuration can choose.
     *
     * @return the names, and the settings that they read
     */
    public Choice choice() {
        List<Class<? extends Record>> settings = new ArrayList<>();
        byName.values().forEach(extension -> settings.add(extension.settings()));
        return new Choice(key, byName.values().stream().map(Extension::name).toList(), settings);
    }

    static String plain(String name) {
        return name.split("@", 2)[0].toLowerCase(Locale.ROOT);
    }
}
