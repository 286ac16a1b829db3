package io.deepfm.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The sections of a configuration that not this package but a part of the program asks for, such as {@code dnn}.
 *
 * @param byName the sections that are given or have defaults
 */
public record Sections(Map<String, Record> byName) {

    /** Copies the sections, in alphabetical order. */
    public Sections {
        byName = java.util.Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    /**
     * A section by its type.
     *
     * @param type the section's record
     * @return the section
     * @throws ConfigException if there is none
     */
    public <T extends Record> T get(Class<T> type) {
        return find(type).orElseThrow(() -> new ConfigException("There is no section for " + type.getName() + "."));
    }

    /**
     * A section by its type.
     *
     * @param type the section's record
     * @return the section, if there is one
     */
    public <T extends Record> Optional<T> find(Class<T> type) {
        return byName.values().stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /**
     * Several sections as one record.
     *
     * @param settings its components are sections by name
     * @return the settings
     * @throws ConfigException if a section is missing
     */
    public <S extends Record> S as(Class<S> settings) {
        return RecordBinder.compose(settings, byName);
    }

    /**
     * Only those that some settings hold.
     *
     * @param settings its components are sections by name
     * @return a part of these sections
     */
    public Sections only(Class<? extends Record> settings) {
        Map<String, Record> kept = new TreeMap<>(byName);
        kept.keySet().retainAll(RecordBinder.keys(settings));
        return new Sections(kept);
    }

    /**
     * These and one more, or another in its place.
     *
     * @param name the section's name
     * @param section the section
     * @return a copy
     */
    public Sections with(String name, Record section) {
        Map<String, Record> more = new TreeMap<>(byName);
        more.put(name, section);
        return new Sections(more);
    }
}
