package io.deepfm.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.UnresolvedSubstitution;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.deepfm.advice.FrontEnd;
import io.deepfm.config.names.WeightedSum;
import io.deepfm.config.redaction.Redaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Reads an {@link ExperimentConfig}: the front end's overrides over the file's keys over {@code reference.conf}.
 *
 * <p>Unknown keys, wrong types and values out of range are errors that name the file, the line and, for an unknown
 * key, the nearest valid one.
 */
public final class ConfigLoader {

    private ConfigLoader() {}

    /**
     * Reads a configuration.
     *
     * @param file the HOCON file
     * @param overrides {@code key=value} pairs that win over the file
     * @param choices what is chosen by name, such as the model by {@code model_name}, and the sections that it reads
     * @return the settings
     * @throws ConfigException if the file cannot be read or a setting cannot be used
     */
    public static ExperimentConfig load(Path file, List<String> overrides, List<Choice> choices) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigException("There is no configuration file " + file + ". Give one with --config, for example"
                    + " conf/deepfm_sample.conf.");
        }
        try {
            Config own = ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
            return resolve(overrides(overrides, FrontEnd.COMMAND_LINE).withFallback(own), choices);
        } catch (com.typesafe.config.ConfigException.IO e) {
            throw new ConfigException("Cannot read the configuration file " + file + ": " + e.getMessage());
        } catch (com.typesafe.config.ConfigException.BugOrBroken e) {
            // Its message has the whole configuration, passwords too.
            throw new ConfigException("Cannot resolve the ${...} of " + file
                    + ". Inside a list, a key that is set twice cannot have one.");
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException("Cannot read the configuration. " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new ConfigException("Cannot read the configuration file " + file + ": it is nested too deeply.");
        }
    }

    /**
     * The defaults with the given overrides.
     *
     * @param overrides {@code key=value} pairs
     * @param frontEnd how they were given
     * @param choices what is chosen by name, and the sections that it reads
     * @return the settings
     * @throws ConfigException if a setting cannot be used
     */
    public static ExperimentConfig defaults(List<String> overrides, FrontEnd frontEnd, List<Choice> choices) {
        return resolve(overrides(overrides, frontEnd), choices);
    }

    /**
     * The settings as JSON, under the same keys that the files use, without what {@link Redaction} takes for a secret.
     *
     * @param config the settings, or a section of them
     * @return a JSON object
     */
    public static String toJson(Record config) {
        return ConfigValueFactory.fromMap(RecordValues.of(config))
                .render(ConfigRenderOptions.defaults().setOriginComments(false).setComments(false));
    }

    /**
     * The settings as {@link #toJson} writes them.
     *
     * @param config the settings, or a section of them
     * @return maps, lists, numbers and texts by key
     */
    public static Map<String, Object> toMap(Record config) {
        return RecordValues.of(config);
    }

    /**
     * Reads a record that {@link #toJson} wrote.
     *
     * @param type the record
     * @param json a JSON object
     * @param place what to call it in errors
     * @return the record
     * @throws ConfigException if it cannot be used
     */
    public static <T extends Record> T fromJson(Class<T> type, String json, String place) {
        return fromJson(type, List.of(), json, place);
    }

    /**
     * Reads a record with {@link Sections} that {@link #toJson} wrote.
     *
     * @param type the record
     * @param settings records whose components are the sections that there may be
     * @param json a JSON object
     * @param place what to call it in errors
     * @return the record
     * @throws ConfigException if it cannot be used
     */
    public static <T extends Record> T fromJson(
            Class<T> type, List<Class<? extends Record>> settings, String json, String place) {
        try {
            Config parsed = ConfigFactory.parseString(
                    json, ConfigParseOptions.defaults().setOriginDescription(place));
            return RecordBinder.bind(type, RecordBinder.sections(type, settings), parsed.root());
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException("Cannot read " + place + ". " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new ConfigException("Cannot read " + place + ": it is nested too deeply.");
        }
    }

    private static ExperimentConfig resolve(Config own, List<Choice> choices) {
        Config reference = resource("reference.conf");
        try {
            Config all = own.withFallback(reference).resolve(ConfigResolveOptions.noSystem());
            if (!all.hasPath("dataset")) {
                Config known =
                        resource("datasets/" + all.getValue("data.dataset_name").unwrapped() + ".conf");
                all = own.withFallback(known).withFallback(reference).resolve(ConfigResolveOptions.noSystem());
            }
            boolean described = all.hasPath("dataset");
            List<Class<? extends Record>> settings = choices.stream()
                    .flatMap(choice -> choice.settings().stream())
                    .toList();
            ExperimentConfig config = RecordBinder.bind(
                    ExperimentConfig.class, RecordBinder.sections(ExperimentConfig.class, settings), all.root());
            for (Choice choice : choices) {
                // A dataset that the configuration describes may have any name.
                if (!described || !choice.key().equals("data.dataset_name")) {
                    requireKnown(choice, all.getValue(choice.key()));
                }
            }
            return config;
        } catch (UnresolvedSubstitution e) {
            throw new ConfigException("A ${...} in the configuration is undefined. " + e.getMessage());
        }
    }

    /** The files of a name in the program and in jars beside it, the program's first, or nothing where there is none. */
    private static Config resource(String name) {
        return ConfigFactory.parseResources(Thread.currentThread().getContextClassLoader(), name);
    }

    private static void requireKnown(Choice choice, ConfigValue value) {
        if (value instanceof ConfigList several) {
            several.forEach(one -> requireKnown(choice, one));
            return;
        }
        for (WeightedSum.Term term :
                WeightedSum.parse(String.valueOf(value.unwrapped())).terms()) {
            if (!choice.has(term.name())) {
                throw new ConfigException(place(value.origin()) + ": "
                        + choice.unknown(term.name()).getMessage());
            }
        }
    }

    private static Config overrides(List<String> overrides, FrontEnd frontEnd) {
        Config all = ConfigFactory.empty();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (equals < 1) {
                throw new ConfigException(
                        "--override " + override + ": must be key=value, for example training.batch_size=2048.");
            }
            String key = override.substring(0, equals).trim();
            String text = override.substring(equals + 1).trim();
            String origin = frontEnd.setting(key, Redaction.of(key, text));
            try {
                all = ConfigFactory.empty().withValue(key, value(text, origin)).withFallback(all);
            } catch (com.typesafe.config.ConfigException e) {
                throw new ConfigException(origin + ": " + e.getMessage());
            }
        }
        return all;
    }

    /** Lists and objects are HOCON; anything else is taken as it stands, so that a URI needs no quotes. */
    private static ConfigValue value(String text, String origin) {
        if (text.startsWith("[") || text.startsWith("{")) {
            return ConfigFactory.parseMap(Map.of(), origin)
                    .withFallback(ConfigFactory.parseString(
                            "value = " + text, ConfigParseOptions.defaults().setOriginDescription(origin)))
                    .getValue("value");
        }
        return ConfigValueFactory.fromAnyRef(text, origin);
    }

    /**
     * Where a value stands.
     *
     * @param origin the value's
     * @return {@code file:line}, or what the front end has for a file and a line
     */
    public static String place(ConfigOrigin origin) {
        if (origin.filename() != null) {
            return origin.filename() + ":" + origin.lineNumber();
        }
        return origin.description();
    }

    /** Where the first of some keys stands that is not left at its default. */
    static ConfigOrigin origin(ConfigObject section, List<String> keys) {
        List<ConfigOrigin> origins = keys.stream()
                .filter(section::containsKey)
                .map(key -> section.get(key).origin())
                .toList();
        return origins.stream()
                .filter(origin -> origin.resource() == null)
                .findFirst()
                .orElseGet(() -> origins.isEmpty() ? section.origin() : origins.get(0));
    }
}
