package io.deepfm.draft.table;

import io.deepfm.config.Located;
import io.deepfm.data.read.RawRows;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.TableSource;
import io.deepfm.dataset.TableSourceBuilder;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table as it was found.
 *
 * @param path a file, a folder or a pattern
 * @param format how it is written
 * @param columns its columns; where nothing names them, with numbers for names
 * @param ignored columns of types that no feature takes
 * @param rows how many rows there are
 * @param seen how many of them were looked at: the first ones
 * @param bad how many of these cannot be read
 * @param repeated how many of these are like an earlier one
 */
public record RawTable(
        String path,
        RawFormat format,
        List<ColumnProfile> columns,
        List<String> ignored,
        long rows,
        long seen,
        long bad,
        long repeated) {

    /** So many rows tell enough, and fit in memory. */
    private static final int MOST = 100_000;

    private static final String NUMBERED = "c";

    /**
     * Looks at a table with the reader that will read it later.
     *
     * @param spark the session
     * @param storage the file systems
     * @param path a file, a folder or a pattern
     * @throws DataException if there is no such file, or it is empty or of a kind that cannot be read
     */
    public static RawTable of(SparkSession spark, Storage storage, String path) {
        RawFormat format = RawFormat.of(storage, path);
        TableReader reader = new TableReader(spark, storage);
        StructType found = format.isDelimited() ? null : reader.schema(source(path, format, Optional.empty()));
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        if (found != null) {
            for (StructField field : found.fields()) {
                if (isUsable(field)) {
                    names.add(field.name());
                    types.add(field.dataType().sql());
                } else {
                    ignored.add(field.name());
                }
            }
        } else {
            names.addAll(format.header() ? header(reader, path, format) : numbered(format.columns()));
        }
        Optional<Located> columns = format.isDelimited() ? Optional.of(Located.of(texts(names))) : Optional.empty();
        RawRows raw = reader.read(source(path, format, columns), List.of());
        List<Row> rows = raw.rows().takeAsList(MOST);
        return tallied(path, format, names, types, ignored, rows, raw.count());
    }

    private static RawTable tallied(
            String path,
            RawFormat format,
            List<String> names,
            List<String> types,
            List<String> ignored,
            List<Row> rows,
            long count) {
        List<ColumnTally> tallies =
                names.stream().map(name -> new ColumnTally()).toList();
        Set<List<Object>> different = new HashSet<>();
        long bad = 0;
        for (Row row : rows) {
            if (!row.isNullAt(row.fieldIndex(TableReader.PROBLEM))) {
                bad++;
                continue;
            }
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                Object value = row.getAs(names.get(i));
                tallies.get(i).add(value);
                values.add(value);
            }
            different.add(values);
        }
        if (bad == rows.size()) {
            throw new DataException(path + ": none of its rows can be read. The first: "
                    + rows.get(0).<Row>getAs(TableReader.PROBLEM).getString(1));
        }
        List<ColumnProfile> profiles = IntStream.range(0, names.size())
                .mapToObj(i -> tallies.get(i).profile(names.get(i), types.isEmpty() ? null : types.get(i)))
                .toList();
        return new RawTable(
                path, format, profiles, ignored, count, rows.size(), bad, rows.size() - bad - different.size());
    }

    /** Single values and lists of them, with names that are free. */
    private static boolean isUsable(StructField field) {
        DataType type = field.dataType() instanceof ArrayType list ? list.elementType() : field.dataType();
        String name = field.name().toLowerCase(Locale.ROOT);
        return type instanceof AtomicType
                && !type.typeName().equals("binary")
                && !name.startsWith("_")
                && !Tables.RESERVED_RAW.contains(name);
    }

    /** The header's names, others where these are not free. */
    private static List<String> header(TableReader reader, String path, RawFormat format) {
        TableSource named = source(path, format, Optional.of(Located.of(texts(numbered(format.columns())))));
        List<String> names = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (String name : reader.header(named)) {
            String free = name.isBlank() ? "column" : name.replaceFirst("^_+", "");
            String lower = free.toLowerCase(Locale.ROOT);
            if (Tables.RESERVED_RAW.contains(lower) || taken.contains(lower) || lower.isEmpty()) {
                free = free + "_" + (names.size() + 1);
            }
            taken.add(free.toLowerCase(Locale.ROOT));
            names.add(free);
        }
        return names;
    }

    private static List<String> numbered(int columns) {
        return IntStream.rangeClosed(1, columns).mapToObj(i -> NUMBERED + i).toList();
    }

    private static String texts(List<String> names) {
        return String.join(
                ", ",
                names.stream().map(name -> TableReader.quoted(name) + " STRING").toList());
    }

    private static TableSource source(String path, RawFormat format, Optional<Located> columns) {
        TableSourceBuilder source = new TableSourceBuilder(Located.of(path), format.name())
                .header(format.header())
                .encoding(Located.of(format.encoding().name()))
                .columns(columns);
        if (format.isDelimited()) {
            source.delimiter(Optional.of(format.delimiter())).quote(Optional.of(format.quoted() ? "\"" : ""));
        }
        if (format.multiLine()) {
            source.option("multiLine", "true");
        }
        return source.build();
    }

    /** Whether all rows were looked at. */
    public boolean isWhole() {
        return seen == rows;
    }

    /** The same table with other columns. */
    public RawTable with(List<ColumnProfile> others) {
        return new RawTable(path, format, others, ignored, rows, seen, bad, repeated);
    }

    /** Whether nothing but their places tells the columns apart. */
    public boolean isUnnamed() {
        return format.isDelimited() && !format.header();
    }
}
