package io.deepfm.storage.parquet;

import io.deepfm.advice.FrontEnd;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Columns of numbers from one Parquet file, as primitive arrays.
 *
 * <p>Values go from Parquet's decoders straight into the arrays: no row object is ever made, which is an order of
 * magnitude faster than reading rows.
 */
public final class ParquetColumns {

    /**
     * A column of values, or of lists of values.
     *
     * @param offsets list columns: where each row's values begin, and at the end where the last row's end; else null
     * @param ints the values of an integer column; else null
     * @param floats the values of a floating-point column; else null
     */
    private record Column(int[] offsets, int[] ints, float[] floats) {}

    private final String file;
    private final int rows;
    private final Map<String, Column> columns;

    private ParquetColumns(String file, int rows, Map<String, Column> columns) {
        this.file = file;
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * The columns of a file.
     *
     * @param storage the file systems
     * @param file a Parquet file
     * @return their names, in order
     * @throws DataException if the file is no Parquet file
     */
    public static List<String> names(Storage storage, Path file) {
        try (ParquetFileReader reader = ParquetPages.open(storage.configuration(), file)) {
            return reader.getFooter().getFileMetaData().getSchema().getFields().stream()
                    .map(Type::getName)
                    .toList();
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Reads a file.
     *
     * @param storage the file systems
     * @param file a Parquet file
     * @param names the columns wanted: int or float, or lists of them
     * @return their values
     * @throws DataException if the file is no Parquet file or lacks a column
     */
    public static ParquetColumns read(Storage storage, Path file, List<String> names) {
        try (ParquetFileReader reader = ParquetPages.open(storage.configuration(), file)) {
            MessageType schema = reader.getFooter().getFileMetaData().getSchema();
            MessageType projection = project(schema, names);
            reader.setRequestedSchema(projection);
            int rows = Math.toIntExact(reader.getRecordCount());
            Map<String, Builder> builders = new HashMap<>();
            for (ColumnDescriptor column : projection.getColumns()) {
                builders.put(column.getPath()[0], new Builder(column, projection, rows));
            }
            PageReadStore pages;
            while ((pages = reader.readNextRowGroup()) != null) {
                ColumnReadStoreImpl store = new ColumnReadStoreImpl(
                        pages,
                        new GroupRecordConverter(projection).getRootConverter(),
                        projection,
                        reader.getFooter().getFileMetaData().getCreatedBy());
                for (ColumnDescriptor column : projection.getColumns()) {
                    long count = pages.getPageReader(column).getTotalValueCount();
                    builders.get(column.getPath()[0]).append(store.getColumnReader(column), count);
                }
            }
            Map<String, Column> columns = new HashMap<>();
            builders.forEach((name, builder) -> columns.put(name, builder.build()));
            return new ParquetColumns(file.toString(), rows, columns);
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * The number of rows of a file, read from its footer.
     *
     * @param storage the file systems
     * @param file a Parquet file
     * @return its rows
     * @throws DataException if the file is no Parquet file
     */
    public static long countRows(Storage storage, Path file) {
        try (ParquetFileReader reader = ParquetPages.open(storage.configuration(), file)) {
            return reader.getRecordCount();
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * The number of a column's values that are not null, read from the footer.
     *
     * @param storage the file systems
     * @param file a Parquet file that Spark wrote
     * @param column its name
     * @return how many there are; in a column of arrays, elements of all arrays
     * @throws DataException if the file is no Parquet file
     */
    public static long countValues(Storage storage, Path file, String column) {
        try (ParquetFileReader reader = ParquetPages.open(storage.configuration(), file)) {
            return reader.getRowGroups().stream()
                    .flatMap(group -> group.getColumns().stream())
                    .filter(chunk -> chunk.getPath().toArray()[0].equals(column))
                    // An empty array is stored as one null.
                    .mapToLong(chunk ->
                            chunk.getValueCount() - chunk.getStatistics().getNumNulls())
                    .sum();
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * The number of rows.
     *
     * @return rows of every column
     */
    public int rows() {
        return rows;
    }

    /**
     * An integer column.
     *
     * @param name its name
     * @return one value per row, or, for a list column, the values of all rows one after the other
     */
    public int[] ints(String name) {
        int[] values = columns.get(name).ints();
        if (values == null) {
            throw new DataException(file + ": column " + name + " does not contain integers.");
        }
        return values;
    }

    /**
     * A floating-point column.
     *
     * @param name its name
     * @return one value per row
     */
    public float[] floats(String name) {
        float[] values = columns.get(name).floats();
        if (values == null) {
            throw new DataException(file + ": column " + name + " does not contain floating-point numbers.");
        }
        return values;
    }

    /**
     * Where the rows of a list column begin in its values.
     *
     * @param name its name
     * @return {@code rows + 1} positions
     */
    public int[] offsets(String name) {
        return columns.get(name).offsets();
    }

    private static DataException unreadable(Path file, Exception e) {
        return ParquetPages.unreadable(file, e, FrontEnd::replace);
    }

    private static MessageType project(MessageType schema, List<String> names) {
        List<Type> fields = new ArrayList<>();
        for (String name : names) {
            if (!schema.containsField(name)) {
                throw new DataException("it has no column " + name + " but "
                        + schema.getFields().stream().map(Type::getName).toList());
            }
            fields.add(schema.getType(name));
        }
        return new MessageType(schema.getName(), fields);
    }

    /** Collects one column over the row groups. */
    private static final class Builder {
        /** Some JVMs allow no more. */
        private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

        private final String name;
        private final boolean isList;
        /** The definition level of a value, and of what counts as one though it may be null. */
        private final int present;

        private final int counted;
        private final int expectedRows;
        private final int[] offsets;
        private int[] ints;
        private float[] floats;
        private int rows;
        private int size;

        Builder(ColumnDescriptor column, MessageType schema, int expectedRows) {
            String[] path = column.getPath();
            name = path[0];
            isList = column.getMaxRepetitionLevel() > 0;
            present = column.getMaxDefinitionLevel();
            counted = isList ? schema.getMaxDefinitionLevel(path[0], path[1]) : 0;
            this.expectedRows = expectedRows;
            offsets = isList ? new int[expectedRows + 1] : null;
            switch (column.getPrimitiveType().getPrimitiveTypeName()) {
                case INT32 -> ints = new int[expectedRows];
                case FLOAT -> floats = new float[expectedRows];
                default -> throw new DataException("column " + name + " is neither int nor float");
            }
        }

        void append(ColumnReader reader, long count) {
            for (long i = 0; i < count; i++) {
                if (reader.getCurrentRepetitionLevel() == 0) {
                    requireRows(rows < expectedRows);
                    if (isList) {
                        offsets[rows] = size;
                    }
                    rows++;
                }
                int level = reader.getCurrentDefinitionLevel();
                if (level == present) {
                    append(reader);
                } else if (level >= counted) {
                    throw new DataException("column " + name + " has no value in row " + (rows - 1));
                }
                reader.consume();
            }
        }

        private void append(ColumnReader reader) {
            if (ints != null) {
                ints = size < ints.length ? ints : Arrays.copyOf(ints, grown());
                ints[size++] = reader.getInteger();
            } else {
                floats = size < floats.length ? floats : Arrays.copyOf(floats, grown());
                floats[size++] = reader.getFloat();
            }
        }

        private int grown() {
            if (size == LONGEST_ARRAY) {
                throw new DataException("column " + name + " has more values than a file can be read with, " + size);
            }
            return (int) Math.min(LONGEST_ARRAY, Math.max(16, 2L * size));
        }

        /** A damaged footer may count other rows than the pages hold. */
        private void requireRows(boolean holds) {
            if (!holds) {
                throw new DataException("column " + name + " does not have the " + expectedRows + " rows of the file");
            }
        }

        Column build() {
            requireRows(rows == expectedRows);
            if (isList) {
                offsets[rows] = size;
            }
            return new Column(
                    offsets,
                    ints == null ? null : Arrays.copyOf(ints, size),
                    floats == null ? null : Arrays.copyOf(floats, size));
        }
    }
}
