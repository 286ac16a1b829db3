package io.deepfm.config;

import io.deepfm.config.redaction.Redaction;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What HOCON holds for records: the other way round than {@link RecordBinder}. */
final class RecordValues {

    private RecordValues() {}

    static Map<String, Object> of(Record settings) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object read = read(component, settings);
            if (read instanceof Sections sections) {
                sections.byName().forEach((name, section) -> values.put(name, of(section)));
                continue;
            }
            Object value = plain(read);
            if (value != null) {
                values.put(RecordBinder.key(component), value);
            }
        }
        return values;
    }

    /** What HOCON holds for a value, without secrets; null for one that is left out. */
    private static Object plain(Object value) {
        if (value instanceof Located located) {
            return Redaction.ofUrl(located.text());
        }
        if (value instanceof String text) {
            return Redaction.ofUrl(text);
        }
        if (value instanceof Map<?, ?> map) {
            return Redaction.without(map);
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(RecordValues::plain).orElse(null);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(RecordValues::plain).toList();
        }
        if (value instanceof Record nested) {
            return of(nested);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        return value;
    }

    private static Object read(RecordComponent component, Record settings) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
