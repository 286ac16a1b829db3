package io.deepfm.data;

import java.util.Arrays;
import java.util.List;

/**
 * A delimited text file without a header.
 *
 * @param path any Hadoop path
 * @param delimiter what stands between two columns; no quoting
 * @param charset the encoding, such as {@code UTF-8}
 * @param columns the columns in order
 */
public record TableSource(String path, String delimiter, String charset, List<Column> columns) {

    /** What a column's text must be. */
    public enum ColumnType {
        /** Any text but the empty one. */
        TEXT,
        /** Any text, or none. */
        OPTIONAL_TEXT,
        /** A whole number. */
        LONG,
        /** A finite number. */
        DOUBLE
    }

    /**
     * A column.
     *
     * @param name its name in expressions
     * @param type what its text must be
     */
    public record Column(String name, ColumnType type) {}

    /** Keeps the columns from changing. */
    public TableSource {
        columns = List.copyOf(columns);
    }

    /**
     * Columns of one type.
     *
     * @param type their type
     * @param names their names
     * @return the columns in order
     */
    public static List<Column> columns(ColumnType type, String... names) {
        return Arrays.stream(names).map(name -> new Column(name, type)).toList();
    }
}
