package io.deepfm.draft;

import io.deepfm.draft.table.ColumnProfile;
import io.deepfm.draft.table.RawFormat;
import io.deepfm.draft.table.RawTable;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A source of the configuration file: where a table is, how it is written and what its columns are.
 *
 * @param key such as {@code interactions}
 * @param table the table
 * @param where which of its rows are taken; all if absent
 */
record SourceText(String key, RawTable table, Optional<String> where) {

    void writeTo(Lines lines) {
        RawFormat format = table.format();
        lines.add(1, "# " + format(table) + String.format(Locale.ROOT, ", %,d rows", table.rows()));
        if (!table.ignored().isEmpty()) {
            lines.add(1, "# ignored, as no feature takes their types: " + String.join(", ", table.ignored()));
        }
        lines.add(1, key + " {");
        lines.add(2, "path = " + Hocon.text(table.path()));
        lines.add(2, "format = " + format.name());
        if (format.isDelimited()) {
            writeDelimited(format, lines);
        }
        if (format.multiLine()) {
            lines.add(2, "options { multiLine = true }");
        }
        if (format.isDelimited() || format.name().equals("json")) {
            lines.add(2, "columns = \"\"\"" + columns() + "\"\"\"");
        }
        TreeSet<String> nulls = new TreeSet<>();
        table.columns().forEach(column -> nulls.addAll(column.nullTexts()));
        if (!nulls.isEmpty()) {
            lines.add(
                    2,
                    "null_values = " + nulls.stream().map(Hocon::quoted).collect(Collectors.joining(", ", "[", "]")));
        }
        where.ifPresent(rows -> lines.add(2, "where = " + Hocon.text(rows) + " # some rows lack it"));
        lines.add(1, "}");
    }

    /** What differs from the format's defaults. */
    private static void writeDelimited(RawFormat format, Lines lines) {
        boolean isCsv = format.name().equals("csv");
        if (!format.delimiter().equals(isCsv ? "," : "\t")) {
            lines.add(2, "delimiter = " + Hocon.text(format.delimiter()));
        }
        if (format.quoted() != isCsv) {
            lines.add(2, "quote = " + Hocon.quoted(format.quoted() ? "\"" : ""));
        }
        if (format.header()) {
            lines.add(2, "header = true");
        }
        if (!format.encoding().name().equals("UTF-8")) {
            lines.add(2, "encoding = " + format.encoding() + " # not valid as UTF-8; perhaps windows-1252");
        }
    }

    /** Names and types, over several lines where there are many. */
    private String columns() {
        StringBuilder all = new StringBuilder();
        int width = 0;
        for (ColumnProfile column : table.columns()) {
            String one = FeatureLines.sql(column.name()) + " " + column.type();
            if (all.length() > 0) {
                boolean isFull = width + one.length() > Lines.WIDTH;
                all.append(isFull ? ",\n               " : ", ");
                width = isFull ? 0 : width;
            }
            all.append(one);
            width += one.length() + 2;
        }
        return all.toString();
    }

    /** How a table is written, in a few words. */
    static String format(RawTable table) {
        RawFormat format = table.format();
        if (!format.isDelimited()) {
            return format.name() + (format.multiLine() ? " over several lines" : "");
        }
        String delimiter = format.delimiter().equals("\t") ? "a tab" : "'" + format.delimiter() + "'";
        return "text with " + delimiter + " between columns, " + (format.header() ? "with" : "without") + " a header";
    }
}
