package io.deepfm.tuning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Settings to try.
 *
 * @param name its folder's
 * @param settings the values of the space's settings that count, by key
 * @param seed what decides all its random choices
 */
record Trial(String name, SortedMap<String, String> settings, long seed) {

    Trial {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    static Trial numbered(int number, SortedMap<String, String> settings, long seed) {
        return new Trial(String.format(Locale.ROOT, "trial-%03d", number), settings, seed);
    }

    /** The same settings with another seed. */
    Trial withSeed(long other) {
        return new Trial(name + "-seed-" + other, settings, other);
    }

    /** As behind {@code --override}. */
    List<String> overrides() {
        List<String> overrides = new ArrayList<>(List.of("seed=" + seed));
        settings.forEach((key, value) -> overrides.add(key + "=" + value));
        return overrides;
    }

    /** What a person reads. */
    String description() {
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + " = " + setting.getValue())
                .collect(Collectors.joining(", "));
    }
}
