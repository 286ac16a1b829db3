package io.deepfm.benchmark;

import io.deepfm.config.Choice;
import io.deepfm.model.Architecture;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An architecture with settings that decide how much it has to compute.
 *
 * @param name what to call it
 * @param overrides {@code key=value} pairs over the configuration
 */
public record Variant(String name, List<String> overrides) {

    /** An architecture's settings that change its speed by a multiple. */
    private static final Map<String, Map<String, List<String>>> SETTINGS =
            Map.of("xdeepfm", Map.of("cin.activation", List.of("identity", "relu")));

    /**
     * All architectures.
     *
     * @return in the order of their registry, each with each of its settings
     */
    public static List<Variant> all() {
        return Architecture.registry().all().stream()
                .map(Architecture::name)
                .flatMap(Variant::of)
                .toList();
    }

    private static Stream<Variant> of(String architecture) {
        String override = "model_name=" + architecture;
        Map<String, List<String>> settings = SETTINGS.get(architecture);
        if (settings == null) {
            return Stream.of(new Variant(architecture, List.of(override)));
        }
        return settings.entrySet().stream().flatMap(setting -> setting.getValue().stream()
                .map(value ->
                        new Variant(architecture + "_" + value, List.of(override, setting.getKey() + "=" + value))));
    }

    /**
     * The variant of a name.
     *
     * @param name in upper or lower case
     * @return the variant
     * @throws io.deepfm.config.ConfigException if there is none; the message names those that there are
     */
    public static Variant of(String name, List<Variant> all) {
        return all.stream()
                .filter(variant -> variant.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() ->
                        new Choice("--models", all.stream().map(Variant::name).toList(), List.of()).unknown(name));
    }
}
