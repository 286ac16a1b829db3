package io.deepfm.dataset;

import io.deepfm.config.Default;
import io.deepfm.config.Located;
import io.deepfm.config.Require;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where a raw table is and how it is written.
 *
 * <p>It is given by exactly one of {@code path}, {@code table}, {@code sql}, or a format with options that say where it is, such as
 * {@code jdbc}.
 *
 * @param path a file, a folder or a pattern: any Hadoop path; empty for a source that is no files
 * @param table a table of Spark's catalog, such as {@code shop.purchases}
 * @param sql a query in Spark SQL
 * @param format {@code csv}, {@code tsv}, or anything Spark reads by name, such as {@code parquet}, {@code json},
 *     {@code orc}
 * @param delimiter csv and tsv: what stands between two columns, of any length; "," for csv, a tab for tsv where not given
 * @param quote csv and tsv: the character around values that hold a delimiter, empty for none; {@code "} for csv and none for
 *     tsv where not given
 * @param header csv and tsv: whether each file's first line holds the columns' names
 * @param multiLine csv and tsv: whether quoted values may span lines; a file is then read by one task
 * @param encoding csv and tsv: the character set
 * @param columns names and types as in SQL: {@code id BIGINT NOT NULL, price DOUBLE}; a value that must not be missing is
 *     {@code NOT NULL}. Where not given: the header's names, all of type STRING, or what the format itself says
 * @param options further options of Spark's reader, which csv and tsv do not have
 * @param nullValues texts that stand for a missing value, as an empty one does; blanks around them make no difference
 * @param where Spark SQL over the columns: only rows for which it is true are taken
 */
public record TableSource(
        @Default("\"\"") Located path,
        Optional<Located> table,
        Optional<Located> sql,
        @Default("csv") String format,
        Optional<String> delimiter,
        Optional<String> quote,
        @Default("false") boolean header,
        @Default("false") boolean multiLine,
        @Default("UTF-8") Located encoding,
        Optional<Located> columns,
        @Default("{}") Map<String, Located> options,
        @Default("[]") List<String> nullValues,
        Optional<Located> where) {

    /** Checks that the parts fit each other. */
    public TableSource {
        Require.notBlank("format", format);
        Require.that(delimiter.map(text -> !text.isEmpty()).orElse(true), "delimiter", "must not be empty");
        Require.that(quote.map(text -> text.length() <= 1).orElse(true), "quote", "must be one character or empty");
        boolean text = format.equalsIgnoreCase("csv") || format.equalsIgnoreCase("tsv");
        format = text ? format.toLowerCase(Locale.ROOT) : format;
        boolean isStored = table.isPresent() || sql.isPresent();
        requireOnePlace(path, table, sql, text || options.isEmpty());
        Require.fit(
                !isStored
                        || format.equals("csv")
                                && delimiter.isEmpty()
                                && quote.isEmpty()
                                && !header
                                && !multiLine
                                && options.isEmpty(),
                List.of(table.isPresent() ? "table" : "sql"),
                "knows itself how it is written: remove format, delimiter, quote, header and options");
        Require.fit(
                isStored || !text || header || columns.isPresent(),
                List.of("path"),
                "requires header = true or columns = \"name TYPE, ...\"");
        Require.that(
                !multiLine
                        || text
                                && !quote.orElse(format.equals("tsv") ? "" : "\"")
                                        .isEmpty(),
                "multi_line",
                "requires format csv or tsv and a quote");
        options = Map.copyOf(options);
        SourceOptions.check(format, options);
        nullValues.forEach(value -> Require.notBlank("null_values", value));
        nullValues = nullValues.stream().map(String::strip).distinct().toList();
    }

    private static void requireOnePlace(
            Located path, Optional<Located> table, Optional<Located> sql, boolean needsPath) {
        boolean hasPath = !path.text().isBlank();
        long places = Stream.of(hasPath, table.isPresent(), sql.isPresent())
                .filter(given -> given)
                .count();
        Require.that(
                places == 1 || places == 0 && !needsPath,
                "path",
                places == 0
                        ? "must not be empty; or give table = \"db.name\", sql = \"select ...\", or a format with options,"
                                + " such as jdbc"
                        : "is one place, and table or sql another: give one of them");
    }

    /**
     * Makes another source that differs in some parts.
     *
     * @return a builder with the parts of this one
     */
    public TableSourceBuilder toBuilder() {
        return new TableSourceBuilder(this);
    }

    /**
     * Whether the table is not files, but what something answers: a catalog, a query or a database.
     *
     * @return false where there is a path
     */
    public boolean isQuery() {
        return path.text().isBlank();
    }

    /**
     * What to call it in messages.
     *
     * @return the path, the table, the query, or the format of a source without any
     */
    public Located place() {
        return isQuery() ? table.or(() -> sql).orElseGet(() -> Located.of(format)) : path;
    }

    /**
     * The same rows in Parquet files.
     *
     * @param files where they are
     * @return this at that place
     */
    public TableSource inParquet(Located files) {
        return new TableSourceBuilder(files, "parquet")
                .encoding(encoding)
                .columns(columns)
                .nullValues(nullValues)
                .where(where)
                .build();
    }

    /**
     * Whether the table is lines of delimited text.
     *
     * @return true for csv and tsv
     */
    public boolean isDelimited() {
        return !isQuery() && (format.equals("csv") || format.equals("tsv"));
    }

    /**
     * What stands between two columns.
     *
     * @return one or more characters
     */
    public String delimiterOrDefault() {
        return delimiter.orElse(format.equals("tsv") ? "\t" : ",");
    }

    /**
     * What stands around values that hold a delimiter.
     *
     * @return one character, or the empty text
     */
    public String quoteOrDefault() {
        return quote.orElse(format.equals("tsv") ? "" : "\"");
    }

    /**
     * Another table that is written in the same way.
     *
     * @param other where it is
     * @return this with the other place
     */
    public TableSource withPath(Located other) {
        return toBuilder().path(other).build();
    }

    /**
     * The same table with other columns.
     *
     * @param others names and types as in SQL
     * @return this with the other columns
     */
    public TableSource withColumns(Located others) {
        return toBuilder().columns(Optional.of(others)).build();
    }

    /**
     * The same table with all of its rows.
     *
     * @return this without its condition
     */
    public TableSource withoutWhere() {
        return toBuilder().where(Optional.empty()).build();
    }

    /**
     * The options as Spark takes them.
     *
     * @return values by name
     */
    public Map<String, String> readerOptions() {
        Map<String, String> texts = new TreeMap<>();
        options.forEach((name, value) -> texts.put(name, value.text()));
        return texts;
    }
}
