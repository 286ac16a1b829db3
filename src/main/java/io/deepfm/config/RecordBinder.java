package io.deepfm.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
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

/** Binds HOCON objects to records and back: the component {@code batchSize} is the key {@code batch_size}. */
final class RecordBinder {

    private RecordBinder() {}

    static <T extends Record> T bind(Class<T> type, ConfigObject section) {
        return bindRecord(type, section, "");
    }

    /** Where each key stands that settings of a type may hold, such as {@code dnn.hidden_units}. */
    static List<String> paths(Class<?> type, String prefix) {
        List<String> paths = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            paths.add(prefix + key(component));
            if (component.getType().isRecord() && component.getType() != Located.class) {
                paths.addAll(paths(component.getType(), prefix + key(component) + "."));
            }
        }
        return paths;
    }

    static Map<String, Object> unbind(Record settings) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object value = plain(read(component, settings));
            if (value != null) {
                values.put(key(component), value);
            }
        }
        return values;
    }

    /** What HOCON holds for a value, without secrets; null for one that is left out. */
    @SuppressWarnings("unchecked")
    private static Object plain(Object value) {
        if (value instanceof Located located) {
            return Redaction.ofUrl(located.text());
        }
        if (value instanceof String text) {
            return Redaction.ofUrl(text);
        }
        if (value instanceof Map<?, ?>) {
            return Redaction.without((Map<String, String>) value);
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(RecordBinder::plain).orElse(null);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(RecordBinder::plain).toList();
        }
        if (value instanceof Record nested) {
            return unbind(nested);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        return value;
    }

    private static Object read(RecordComponent component, Record settings) {
        try {
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T extends Record> T bindRecord(Class<T> type, ConfigObject section, String path) {
        RecordComponent[] components = type.getRecordComponents();
        List<String> keys = Arrays.stream(components).map(RecordBinder::key).toList();
        for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
            if (!keys.contains(entry.getKey())) {
                throw new ConfigException(ConfigLoader.place(entry.getValue().origin()) + ": unknown key " + path
                        + entry.getKey() + ". Did you mean " + nearest(entry.getKey(), path, keys) + "?");
            }
        }
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = bindComponent(components[i], section, path + keys.get(i));
        }
        return construct(type, components, values, section, path);
    }

    private static Object bindComponent(RecordComponent component, ConfigObject section, String path) {
        ConfigValue value = section.get(key(component));
        boolean optional = component.getType() == Optional.class;
        if (value == null && component.isAnnotationPresent(Default.class)) {
            String standard = component.getAnnotation(Default.class).value();
            value = ConfigFactory.parseString(
                            "value = " + standard, ConfigParseOptions.defaults().setOriginDescription("the default"))
                    .getValue("value");
        }
        if (value == null && !optional) {
            throw new ConfigException(ConfigLoader.place(section.origin()) + ": " + path + " has no value.");
        }
        if (!optional) {
            return bindValue(component.getGenericType(), value, path);
        }
        Type type = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        return Optional.ofNullable(value).map(given -> bindValue(type, given, path));
    }

    private static <T extends Record> T construct(
            Class<T> type, RecordComponent[] components, Object[] values, ConfigObject section, String path) {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Require.InvalidSetting invalid) {
                throw new ConfigException(ConfigLoader.place(ConfigLoader.origin(section, invalid.keys())) + ": " + path
                        + invalid.keys().get(0) + " " + invalid.getMessage() + ".");
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object bindValue(Type type, ConfigValue value, String path) {
        if (type instanceof ParameterizedType parameterized) {
            return parameterized.getRawType() == Map.class
                    ? bindMap(value, path)
                    : bindList(parameterized.getActualTypeArguments()[0], value, path);
        }
        Class<?> raw = (Class<?>) type;
        if (raw == Located.class) {
            return new Located((String) bindValue(String.class, value, path), ConfigLoader.place(value.origin()));
        }
        if (raw.isRecord()) {
            if (value.valueType() != ConfigValueType.OBJECT) {
                throw wrong(value, path, "a section { ... }");
            }
            return bindRecord((Class<? extends Record>) raw, (ConfigObject) value, path + ".");
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

    private static List<Object> bindList(Type element, ConfigValue value, String path) {
        if (value.valueType() != ConfigValueType.LIST) {
            throw wrong(value, path, "a list [ ... ]");
        }
        List<Object> bound = new ArrayList<>();
        for (ConfigValue item : (com.typesafe.config.ConfigList) value) {
            bound.add(bindValue(element, item, path + "[" + bound.size() + "]"));
        }
        return bound;
    }

    private static Map<String, String> bindMap(ConfigValue value, String path) {
        if (value.valueType() != ConfigValueType.OBJECT) {
            throw wrong(value, path, "a section { ... }");
        }
        Map<String, String> bound = new TreeMap<>();
        ((ConfigObject) value)
                .forEach((key, item) -> bound.put(key, (String) bindValue(String.class, item, path + "." + key)));
        return bound;
    }

    private static ConfigException wrong(ConfigValue value, String path, String expected) {
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
        return raw == String.class ? "a string" : "a whole number";
    }

    private static String choices(Class<?> raw) {
        return Arrays.stream(raw.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** The key of that name in another section, if there is one; else the most similar key of this section. */
    private static String nearest(String key, String path, List<String> keys) {
        return paths(ExperimentConfig.class, "").stream()
                .filter(known -> known.equals(key) || known.endsWith("." + key))
                .findFirst()
                .orElseGet(() -> path + NearestName.of(key, keys));
    }
}
