package io.deepfm.dataset;

import io.deepfm.config.Located;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes a {@link TableSource} part by part, from its defaults or from another source; its components say what they are. */
public final class TableSourceBuilder {

    private Located path;
    private Optional<Located> table = Optional.empty();
    private Optional<Located> sql = Optional.empty();
    private String format;
    private Optional<String> delimiter = Optional.empty();
    private Optional<String> quote = Optional.empty();
    private boolean header;
    private boolean multiLine;
    private Located encoding = Located.of("UTF-8");
    private Optional<Located> columns = Optional.empty();
    private Map<String, Located> options = Map.of();
    private List<String> nullValues = List.of();
    private Optional<Located> where = Optional.empty();

    /**
     * A table of which all rows are taken, and only what is empty is missing.
     *
     * @param path a file, a folder or a pattern
     * @param format csv, tsv or the name of another format
     */
    public TableSourceBuilder(Located path, String format) {
        this.path = path;
        this.format = format;
    }

    TableSourceBuilder(TableSource source) {
        path = source.path();
        table = source.table();
        sql = source.sql();
        format = source.format();
        delimiter = source.delimiter();
        quote = source.quote();
        header = source.header();
        multiLine = source.multiLine();
        encoding = source.encoding();
        columns = source.columns();
        options = source.options();
        nullValues = source.nullValues();
        where = source.where();
    }

    /** A path in place of where the table was before. */
    TableSourceBuilder path(Located file) {
        path = file;
        table = Optional.empty();
        sql = Optional.empty();
        return this;
    }

    /** See {@link TableSource#delimiter}. */
    public TableSourceBuilder delimiter(Optional<String> text) {
        delimiter = text;
        return this;
    }

    /** See {@link TableSource#quote}. */
    public TableSourceBuilder quote(Optional<String> character) {
        quote = character;
        return this;
    }

    /** See {@link TableSource#header}. */
    public TableSourceBuilder header(boolean isThere) {
        header = isThere;
        return this;
    }

    /** See {@link TableSource#multiLine}. */
    public TableSourceBuilder multiLine(boolean mayBe) {
        multiLine = mayBe;
        return this;
    }

    /** See {@link TableSource#encoding}. */
    public TableSourceBuilder encoding(Located charset) {
        encoding = charset;
        return this;
    }

    /** See {@link TableSource#columns}. */
    public TableSourceBuilder columns(Optional<Located> namesAndTypes) {
        columns = namesAndTypes;
        return this;
    }

    /** One more of {@link TableSource#options}. */
    public TableSourceBuilder option(String name, String value) {
        options = new TreeMap<>(options);
        options.put(name, Located.of(value));
        return this;
    }

    /** See {@link TableSource#nullValues}. */
    public TableSourceBuilder nullValues(List<String> texts) {
        nullValues = texts;
        return this;
    }

    /** See {@link TableSource#where}. */
    public TableSourceBuilder where(Optional<Located> condition) {
        where = condition;
        return this;
    }

    /**
     * The source.
     *
     * @return of all parts
     * @throws io.deepfm.config.ConfigException if they do not fit each other
     */
    public TableSource build() {
        return new TableSource(
                path,
                table,
                sql,
                format,
                delimiter,
                quote,
                header,
                multiLine,
                encoding,
                columns,
                options,
                nullValues,
                where);
    }
}
