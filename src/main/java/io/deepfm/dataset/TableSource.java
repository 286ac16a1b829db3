package io.deepfm.dataset;

import io.deepfm.config.Default;
import io.deepfm.config.Located;
import io.deepfm.config.Require;
import java.util.Map;
import java.util.Optional;

/**
 * Where a raw table is and how it is written.
 *
 * @param path a file, a folder or a pattern: any Hadoop path
 * @param format {@code csv}, {@code tsv}, or anything Spark reads by name, such as {@code parquet}, {@code json},
 *     {@code orc}
 * @param delimiter csv and tsv: what stands between two columns, of any length; "," for csv, a tab for tsv where not given
 * @param quote csv and tsv: the character around values that hold a delimiter, empty for none; {@code "} for csv and none for
 *     tsv where not given
 * @param header csv and tsv: whether each file's first line holds the columns' names
 * @param encoding csv and tsv: the character set
 * @param columns names and types as in SQL: {@code id BIGINT NOT NULL, price DOUBLE}; a value that must not be missing is
 *     {@code NOT NULL}. Where not given: the header's names, all of type STRING, or what the format itself says
 * @param options further options of Spark's reader
 */
public record TableSource(
        Located path,
        @Default("csv") String format,
        Optional<String> delimiter,
        Optional<String> quote,
        @Default("false") boolean header,
        @Default("UTF-8") Located encoding,
        Optional<Located> columns,
        @Default("{}") Map<String, String> options) {

    /** Checks that the parts fit each other. */
    public TableSource {
        Require.notBlank("path", path.text());
        Require.notBlank("format", format);
        Require.that(delimiter.map(text -> !text.isEmpty()).orElse(true), "delimiter", "must not be empty");
        Require.that(quote.map(text -> text.length() <= 1).orElse(true), "quote", "must be one character or empty");
        boolean text = format.equals("csv") || format.equals("tsv");
        Require.fit(
                !text || header || columns.isPresent(),
                java.util.List.of("path"),
                "requires header = true or columns = \"name TYPE, ...\"");
        options = Map.copyOf(options);
    }

    /**
     * Whether the table is lines of delimited text.
     *
     * @return true for csv and tsv
     */
    public boolean isDelimited() {
        return format.equals("csv") || format.equals("tsv");
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
        return new TableSource(other, format, delimiter, quote, header, encoding, columns, options);
    }

    /**
     * The same table with other columns.
     *
     * @param others names and types as in SQL
     * @return this with the other columns
     */
    public TableSource withColumns(Located others) {
        return new TableSource(path, format, delimiter, quote, header, encoding, Optional.of(others), options);
    }
}
