package io.deepfm.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.deepfm.config.names.NamePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes out a list that {@link Entries} lets be shorter.
 *
 * @param kind the entries' key that says which defaults are theirs
 * @param defaults a section for each kind
 */
record EntryList(String kind, ConfigObject defaults) {

    static final String NAME = "name";
    private static final String NAMES = "names";

    /** One entry per name, with the defaults of its kind. Each value knows where it stands, a default both places. */
    ConfigValue writtenOut(ConfigList entries, String path) {
        List<ConfigValue> all = new ArrayList<>();
        for (ConfigValue value : entries) {
            if (value instanceof ConfigObject entry) {
                all.addAll(named(withDefaults(entry), path + "[" + all.size() + "]."));
            } else {
                all.add(value);
            }
        }
        return ConfigValueFactory.fromIterable(all);
    }

    private ConfigObject withDefaults(ConfigObject entry) {
        ConfigObject whole = entry;
        for (Map.Entry<String, ConfigValue> of : defaults.entrySet()) {
            if (!entry.containsKey(kind)
                    || !of.getKey()
                            .equalsIgnoreCase(String.valueOf(entry.get(kind).unwrapped()))) {
                continue;
            }
            for (Map.Entry<String, ConfigValue> standard : ((ConfigObject) of.getValue()).entrySet()) {
                if (!entry.containsKey(standard.getKey())) {
                    ConfigValue value = standard.getValue();
                    String place = ConfigLoader.place(entry.origin()) + " (default at "
                            + ConfigLoader.place(value.origin()) + ")";
                    whole = whole.withValue(standard.getKey(), value.withOrigin(ConfigOriginFactory.newSimple(place)));
                }
            }
        }
        return whole;
    }

    private static List<ConfigObject> named(ConfigObject entry, String path) {
        ConfigValue names = entry.get(NAMES);
        if (names == null) {
            return List.of(entry);
        }
        if (entry.containsKey(NAME)) {
            throw new ConfigException(ConfigLoader.place(names.origin()) + ": " + path + NAMES + " is given beside "
                    + NAME + ": give one of them.");
        }
        ConfigObject unnamed = entry.withoutKey(NAMES);
        List<ConfigObject> all = new ArrayList<>();
        for (ConfigValue pattern : names instanceof ConfigList several ? several : List.of(names)) {
            if (!(pattern.unwrapped() instanceof String text)) {
                throw RecordBinder.wrong(pattern, path + NAMES, "a name such as c[1-26], or a list of names");
            }
            try {
                NamePattern.names(text)
                        .forEach(name -> all.add(unnamed.withValue(
                                NAME, ConfigValueFactory.fromAnyRef(name).withOrigin(pattern.origin()))));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(
                        ConfigLoader.place(pattern.origin()) + ": " + path + NAMES + " " + e.getMessage() + ".");
            }
        }
        return all;
    }
}
