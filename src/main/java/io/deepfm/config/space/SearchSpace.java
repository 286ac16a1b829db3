package io.deepfm.config.space;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.deepfm.config.ConfigException;
import io.deepfm.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The settings that a search varies.
 *
 * <pre>{@code
 * training.batch_size = [1024, 4096]                           # one of these
 * training.lr { log_range = [1e-4, 1e-2] }                     # each order of magnitude equally likely
 * dnn.dropout { range = [0, 0.5] }
 * model_name = [deepfm, xdeepfm]
 * cin.layer_sizes { values = [[64], [128, 128]], when { model_name = xdeepfm } }
 * }</pre>
 *
 * @param settings sorted by key
 */
public record SearchSpace(List<Setting> settings) {

    private static final String VALUES = "values";
    private static final String RANGE = "range";
    private static final String LOG_RANGE = "log_range";
    private static final String WHEN = "when";
    private static final Set<String> KINDS = Set.of(VALUES, RANGE, LOG_RANGE);

    /**
     * A setting.
     *
     * @param key such as {@code training.lr}
     * @param values what it may be
     * @param when other settings of the space, each with the values at which this one counts
     */
    public record Setting(String key, Values values, Map<String, List<String>> when) {}

    /** Checks that conditions are about settings of the space. */
    public SearchSpace {
        settings = settings.stream().sorted(Comparator.comparing(Setting::key)).toList();
        List<String> keys = settings.stream().map(Setting::key).toList();
        for (Setting setting : settings) {
            for (String other : setting.when().keySet()) {
                if (!keys.contains(other) || other.equals(setting.key())) {
                    throw new ConfigException("The space's " + setting.key() + " counts when " + other
                            + " has a value, but that is not another setting of the space. It has: "
                            + String.join(", ", keys) + ".");
                }
            }
        }
    }

    /**
     * Reads a space.
     *
     * @param file HOCON
     * @return the settings
     * @throws ConfigException if it cannot be read, or holds something else than lists and ranges
     */
    public static SearchSpace read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(
                    "There is no file " + file + ". Give the space with --space, for example" + " conf/space.conf.");
        }
        try {
            Config config = ConfigFactory.parseFile(
                            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve(ConfigResolveOptions.noSystem());
            List<Setting> settings = new ArrayList<>();
            addSettings(List.of(), config.root(), settings);
            if (settings.isEmpty()) {
                throw new ConfigException(file + ": no setting to vary. Add one, such as training.lr = [1e-3, 3e-3].");
            }
            return new SearchSpace(settings);
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException("Cannot read the space. " + e.getMessage());
        }
    }

    private static void addSettings(List<String> section, ConfigObject object, List<Setting> settings) {
        object.forEach((name, value) -> {
            List<String> path = new ArrayList<>(section);
            path.add(name);
            if (value instanceof ConfigObject inner && inner.keySet().stream().noneMatch(KINDS::contains)) {
                addSettings(path, inner, settings);
            } else {
                settings.add(setting(ConfigUtil.joinPath(path), value));
            }
        });
    }

    private static Setting setting(String key, ConfigValue value) {
        if (value instanceof ConfigList list) {
            return new Setting(key, listed(key, list), Map.of());
        }
        if (!(value instanceof ConfigObject object)) {
            throw failure(
                    key,
                    value,
                    "must be a list of values, or { range = [low, high] }, { log_range = [low, high] }"
                            + " or { values = [...], when { ... } }; a setting that does not vary belongs into the configuration");
        }
        List<String> kinds = KINDS.stream().filter(object::containsKey).toList();
        List<String> others = object.keySet().stream()
                .filter(each -> !each.equals(WHEN) && !KINDS.contains(each))
                .toList();
        if (kinds.size() > 1 || !others.isEmpty()) {
            throw failure(key, value, "must have one of values, range, log_range, perhaps a when, and nothing else");
        }
        String kind = kinds.get(0);
        if (!(object.get(kind) instanceof ConfigList list)) {
            throw failure(key, value, "its " + kind + " must be a list");
        }
        Values values = kind.equals(VALUES) ? listed(key, list) : range(key, list, kind.equals(LOG_RANGE));
        return new Setting(key, values, conditions(key, object));
    }

    private static Values listed(String key, ConfigList list) {
        if (list.isEmpty()) {
            throw failure(key, list, "has no values");
        }
        return new Values.Listed(list.stream().map(SearchSpace::text).toList());
    }

    private static Values range(String key, ConfigList bounds, boolean logarithmic) {
        boolean numbers =
                bounds.size() == 2 && bounds.stream().allMatch(bound -> bound.valueType() == ConfigValueType.NUMBER);
        double low = numbers ? ((Number) bounds.get(0).unwrapped()).doubleValue() : Double.NaN;
        double high = numbers ? ((Number) bounds.get(1).unwrapped()).doubleValue() : Double.NaN;
        if (!(low < high)) {
            throw failure(key, bounds, "must have two numbers, the lower one first");
        }
        if (logarithmic && low <= 0) {
            throw failure(key, bounds, "has no logarithm at " + text(bounds.get(0)) + "; begin above 0");
        }
        boolean whole = bounds.stream().allMatch(bound -> text(bound).matches("-?\\d+"));
        return new Values.Range(low, high, logarithmic, whole);
    }

    private static Map<String, List<String>> conditions(String key, ConfigObject object) {
        if (!object.containsKey(WHEN)) {
            return Map.of();
        }
        if (!(object.get(WHEN) instanceof ConfigObject when)) {
            throw failure(key, object.get(WHEN), "its when must be { another.setting = value }");
        }
        Map<String, List<String>> conditions = new LinkedHashMap<>();
        when.toConfig().entrySet().forEach(entry -> conditions.put(entry.getKey(), alternatives(entry.getValue())));
        return conditions;
    }

    private static List<String> alternatives(ConfigValue value) {
        return value instanceof ConfigList list
                ? list.stream().map(SearchSpace::text).toList()
                : List.of(text(value));
    }

    /** As it would stand behind {@code key=} on the command line. */
    private static String text(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING
                ? (String) value.unwrapped()
                : value.render(ConfigRenderOptions.concise());
    }

    private static ConfigException failure(String key, ConfigValue value, String what) {
        return new ConfigException(ConfigLoader.place(value.origin()) + ": " + key + " " + what + ".");
    }

    /**
     * Draws a value for each setting.
     *
     * @param random where chance comes from
     * @return the values of the settings that count, by key
     */
    public SortedMap<String, String> draw(RandomGenerator random) {
        Map<String, String> drawn = new LinkedHashMap<>();
        settings.forEach(setting -> drawn.put(setting.key(), setting.values().draw(random)));
        return counting(drawn);
    }

    /**
     * All combinations.
     *
     * @return the values of the settings that count, by key; no two alike
     * @throws ConfigException if a setting has a range
     */
    public List<SortedMap<String, String>> grid() {
        List<Map<String, String>> grid = List.of(Map.of());
        for (Setting setting : settings) {
            if (!(setting.values() instanceof Values.Listed listed)) {
                throw new ConfigException("A grid has no ranges, but the space's " + setting.key()
                        + " is one: list its values, or search with --method random or halving.");
            }
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> point : grid) {
                for (String value : listed.texts()) {
                    Map<String, String> more = new LinkedHashMap<>(point);
                    more.put(setting.key(), value);
                    longer.add(more);
                }
            }
            grid = longer;
        }
        return grid.stream().map(this::counting).distinct().toList();
    }

    /** Without the settings whose conditions do not hold; a condition on a setting that does not count does not hold. */
    private SortedMap<String, String> counting(Map<String, String> drawn) {
        SortedMap<String, String> counting = new TreeMap<>(drawn);
        boolean changed = true;
        while (changed) {
            changed = settings.stream()
                            .filter(setting -> !setting.when().entrySet().stream()
                                    .allMatch(condition -> counting.containsKey(condition.getKey())
                                            && condition.getValue().contains(counting.get(condition.getKey()))))
                            .map(setting -> counting.remove(setting.key()))
                            .filter(removed -> removed != null)
                            .count()
                    > 0;
        }
        return counting;
    }
}
