package io.deepfm.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.deepfm.config.names.NearestName;
import io.deepfm.config.redaction.Redaction;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Binds HOCON objects to records and back: the component {@code batchSize} is the key {@code batch_size}. In the place of a
 * component {@link Sections} stand the known sections.
 */
final class RecordBinder {

    private final Class<? extends Record> root;
    private final Map<String, Type> sections;

    private RecordBinder(Class<? extends Record> root, Map<String, Type> sections) {
        this.root = root;
        this.sections = sections;
    }

    static <T extends Record> T bind(Class<T> type, ConfigObject object) {
        return bind(type, Map.of(), object);
    }

    /** Binds a record with sections, whose types are given by name: a record, or an {@code Optional} of one. */
    static <T extends Record> T bind(Class<T> type, Map<String, Type> sections, ConfigObject object) {
        return new RecordBinder(type, sections).bindRecord(type, object, "");
    }

    /** The sections that are the components of some settings, but those that {@code core} has itself. */
    static Map<String, Type> sections(Class<?> core, List<Class<? extends Record>> settings) {
        Map<String, Type> own = new LinkedHashMap<>();
        Arrays.stream(core.getRecordComponents()).forEach(c -> own.put(key(c), c.getGenericType()));
        Map<String, Type> sections = new LinkedHashMap<>();
        for (Class<?> type : settings) {
            for (RecordComponent component : type.getRecordComponents()) {
                String name = key(component);
                Type section = component.getGenericType();
                Type known = own.getOrDefault(name, sections.getOrDefault(name, section));
                if (!known.equals(section)) {
                    throw new ConfigException("The section " + name + " has two meanings: " + known.getTypeName()
                            + ", and in " + type.getName() + " " + section.getTypeName()
                            + ". Name an extension's own section as the extension.");
                }
                if (!own.containsKey(name)) {
                    sections.put(name, section);
                }
            }
        }
        return sections;
    }

    /** Puts sections into the record whose components they are. */
    static <S extends Record> S compose(Class<S> type, Map<String, Record> sections) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            Record section = sections.get(key(components[i]));
            boolean optional = components[i].getType() == Optional.class;
            if (section == null && !optional) {
                throw new ConfigException("There is no section " + key(components[i]) + " { ... }.");
            }
            values[i] = optional ? Optional.ofNullable(section) : section;
        }
        try {
            return constructor(type, components).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> keys(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents()).map(RecordBinder::key).toList();
    }

    /** Where each key stands that settings of a type may hold, such as {@code dnn.hidden_units}. */
    private List<String> paths(Class<?> type, String prefix) {
        List<String> paths = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType() == Sections.class) {
                sections.forEach((name, section) -> addPaths(paths, prefix + name, section));
            } else {
                addPaths(paths, prefix + key(component), component.getType());
            }
        }
        return paths;
    }

    private void addPaths(List<String> paths, String path, Type type) {
        paths.add(path);
        if (type instanceof Class<?> raw && raw.isRecord() && raw != Located.class) {
            paths.addAll(paths(raw, path + "."));
        }
    }

    private <T extends Record> T bindRecord(Class<T> type, ConfigObject section, String path) {
        RecordComponent[] components = type.getRecordComponents();
        List<String> keys = new ArrayList<>();
        for (RecordComponent component : components) {
            keys.addAll(component.getType() == Sections.class ? sections.keySet() : List.of(key(component)));
            if (component.isAnnotationPresent(Entries.class)) {
                keys.add(component.getAnnotation(Entries.class).defaults());
            }
        }
        requireKnown(section, path, keys);
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = components[i].getType() == Sections.class
                    ? bindSections(section, path)
                    : bindComponent(components[i], section, path + key(components[i]));
        }
        return construct(type, components, values, section, path);
    }

    private void requireKnown(ConfigObject section, String path, List<String> keys) {
        for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
            if (!keys.contains(entry.getKey())) {
                throw new ConfigException(ConfigLoader.place(entry.getValue().origin()) + ": unknown key " + path
                        + entry.getKey() + ". Did you mean " + nearest(entry.getKey(), path, keys) + "?");
            }
        }
    }

    /** A section that is not given is there all the same where each of its keys has a default. */
    @SuppressWarnings("unchecked")
    private Sections bindSections(ConfigObject object, String path) {
        Map<String, Record> bound = new TreeMap<>();
        sections.forEach((name, type) -> {
            boolean optional = type instanceof ParameterizedType;
            Class<? extends Record> raw = (Class<? extends Record>)
                    (optional ? ((ParameterizedType) type).getActualTypeArguments()[0] : type);
            ConfigValue value = object.get(name);
            if (value != null) {
                bound.put(name, (Record) bindValue(raw, value, path + name));
            } else if (!optional && hasDefaults(raw)) {
                bound.put(name, bindRecord(raw, ConfigFactory.empty().root(), path + name + "."));
            }
        });
        return new Sections(bound);
    }

    private static boolean hasDefaults(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .allMatch(component ->
                        component.isAnnotationPresent(Default.class) || component.getType() == Optional.class);
    }

    private Object bindComponent(RecordComponent component, ConfigObject section, String path) {
        ConfigValue value = section.get(key(component));
        if (component.isAnnotationPresent(Entries.class) && value instanceof ConfigList entries) {
            value = entryList(component, section, path).writtenOut(entries, path);
        }
        boolean optional = component.getType() == Optional.class;
        if (value == null && component.isAnnotationPresent(Default.class)) {
            String standard = component.getAnnotation(Default.class).value();
            value = ConfigFactory.parseString(
                            "value = " + standard, ConfigParseOptions.defaults().setOriginDescription("the default"))
                    .getValue("value");
        }
        if (value == null && !optional) {
            throw new ConfigException(ConfigLoader.place(section.origin()) + ": " + path + " is missing.");
        }
        if (!optional) {
            return bindValue(component.getGenericType(), value, path);
        }
        Type type = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        return Optional.ofNullable(value).map(given -> bindValue(type, given, path));
    }

    /** The defaults of a list of sections, none of them of a key or kind that there is not. */
    @SuppressWarnings("unchecked")
    private EntryList entryList(RecordComponent component, ConfigObject section, String path) {
        Entries form = component.getAnnotation(Entries.class);
        Class<? extends Record> element =
                (Class<? extends Record>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        List<String> keys = new ArrayList<>(keys(element));
        Class<?> kinds = element.getRecordComponents()[keys.indexOf(form.kind())].getType();
        keys.removeAll(List.of(form.kind(), EntryList.NAME));
        ConfigObject defaults = ConfigFactory.empty().root();
        String place = path.substring(0, path.lastIndexOf('.') + 1) + form.defaults();
        if (section.containsKey(form.defaults())) {
            defaults = requireSection(section.get(form.defaults()), place);
            requireKnown(defaults, place + ".", List.of(choices(kinds).split(", ")));
            defaults.forEach(
                    (kind, of) -> requireKnown(requireSection(of, place + "." + kind), place + "." + kind + ".", keys));
        }
        return new EntryList(form.kind(), defaults);
    }

    private static ConfigObject requireSection(ConfigValue value, String path) {
        if (value instanceof ConfigObject section) {
            return section;
        }
        throw wrong(value, path, "a section { ... }");
    }

    private static <T extends Record> T construct(
            Class<T> type, RecordComponent[] components, Object[] values, ConfigObject section, String path) {
        try {
            return constructor(type, components).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Require.InvalidSetting invalid) {
                throw new ConfigException(ConfigLoader.place(ConfigLoader.origin(section, invalid.keys())) + ": " + path
                        + invalid.keys().get(0) + " " + invalid.getMessage() + ".");
            }
            if (e.getCause() instanceof ConfigException located) {
                throw located;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T extends Record> Constructor<T> constructor(Class<T> type, RecordComponent[] components)
            throws NoSuchMethodException {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<T> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Object bindValue(Type type, ConfigValue value, String path) {
        if (type instanceof ParameterizedType parameterized) {
            return parameterized.getRawType() == Map.class
                    ? bindMap(parameterized.getActualTypeArguments()[1], value, path)
                    : bindList(parameterized.getActualTypeArguments()[0], value, path);
        }
        Class<?> raw = (Class<?>) type;
        if (raw == Located.class) {
            return new Located((String) bindValue(String.class, value, path), ConfigLoader.place(value.origin()));
        }
        if (raw.isRecord()) {
            return bindRecord((Class<? extends Record>) raw, requireSection(value, path), path + ".");
        }
        if (List.of(ConfigValueType.OBJECT, ConfigValueType.LIST, ConfigValueType.NULL)
                .contains(value.valueType())) {
            throw wrong(value, path, describe(raw));
        }
        String text = String.valueOf(value.unwrapped());
        if (raw.isEnum()) {
            return Arrays.stream((Enum[]) raw.getEnumConstants())
                    .filter(constant -> constant.name().equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(() -> wrong(value, path, "one of " + choices(raw)));
        }
        return bindScalar(raw, text, value, path);
    }

    private static Object bindScalar(Class<?> raw, String text, ConfigValue value, String path) {
        try {
            if (raw == int.class || raw == Integer.class) {
                return Integer.parseInt(text);
            }
            if (raw == long.class) {
                return Long.parseLong(text);
            }
            if (raw == double.class || raw == Double.class) {
                double number = Double.parseDouble(text);
                if (Double.isNaN(number) || Double.isInfinite(number)) {
                    throw wrong(value, path, "a finite number");
                }
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(value, path, describe(raw));
        }
        if (raw == boolean.class) {
            if (!text.equals("true") && !text.equals("false")) {
                throw wrong(value, path, describe(raw));
            }
            return Boolean.valueOf(text);
        }
        return text;
    }

    private List<Object> bindList(Type element, ConfigValue value, String path) {
        if (value.valueType() != ConfigValueType.LIST) {
            throw wrong(value, path, "a list [ ... ]");
        }
        List<Object> bound = new ArrayList<>();
        for (ConfigValue item : (ConfigList) value) {
            bound.add(bindValue(element, item, path + "[" + bound.size() + "]"));
        }
        return bound;
    }

    private Map<String, Object> bindMap(Type element, ConfigValue value, String path) {
        Map<String, Object> bound = new TreeMap<>();
        requireSection(value, path).forEach((key, item) -> bound.put(key, bindValue(element, item, path + "." + key)));
        return bound;
    }

    static ConfigException wrong(ConfigValue value, String path, String expected) {
        return new ConfigException(
                ConfigLoader.place(value.origin()) + ": " + path + " must be " + expected + ", found "
                        + Redaction.of(path, value.render(com.typesafe.config.ConfigRenderOptions.concise())) + ".");
    }

    private static String describe(Class<?> raw) {
        if (raw == boolean.class) {
            return "true or false";
        }
        if (raw == double.class || raw == Double.class) {
            return "a number";
        }
        return raw == String.class ? "a string" : "an integer";
    }

    private static String choices(Class<?> raw) {
        return Arrays.stream(raw.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** The key of that name in another section, if there is one; else the most similar key of this section. */
    private String nearest(String key, String path, List<String> keys) {
        return paths(root, "").stream()
                .filter(known -> known.equals(key) || known.endsWith("." + key))
                .findFirst()
                .orElseGet(() -> path + NearestName.of(key, keys));
    }
}
