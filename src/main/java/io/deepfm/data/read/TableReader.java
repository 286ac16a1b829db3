package io.deepfm.data.read;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.try_element_at;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import io.deepfm.data.encode.RawExpression;
import io.deepfm.data.source.RawFiles;
import io.deepfm.data.source.SourceColumns;
import io.deepfm.dataset.TableSource;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads {@link TableSource}s as DataFrames: the source's columns, where each row stands ({@value #ROW} over all files,
 * {@value #FILE}, {@value #LINE}), and what is wrong with it ({@value #PROBLEM}, null where nothing is).
 */
public final class TableReader {

    /** The line's number over all files of the source, from 0, in the order of their names (long). */
    public static final String ROW = "_row";
    /** The file a row stands in (string). */
    public static final String FILE = "_file";
    /** The line in that file, from 1; for a format without lines the row (long). */
    public static final String LINE = "_line";
    /** What is wrong: a struct of {@code reason}, one of a few words, and {@code detail}, a text for people. */
    public static final String PROBLEM = "_problem";
    /** The type of {@value #PROBLEM}. */
    static final DataType PROBLEM_TYPE =
            new StructType().add("reason", DataTypes.StringType).add("detail", DataTypes.StringType);

    private final SparkSession spark;
    private final Storage storage;
    private final DelimitedReader delimited;
    private final ParquetReader parquet;
    private final FormatReader other;
    /** To find out what columns there are may take a look at every row. */
    private final Map<TableSource, StructType> found = new HashMap<>();

    public TableReader(SparkSession spark, Storage storage) {
        this.spark = spark;
        this.storage = storage;
        this.delimited = new DelimitedReader(spark, storage);
        this.other = new FormatReader(spark, storage);
        this.parquet = new ParquetReader(spark, other);
    }

    /**
     * The columns of a source.
     *
     * @param source the source
     * @return names and types; a column that is not nullable must have a value
     * @throws DataException if there is no such file
     * @throws ConfigException if the columns cannot be understood, are not there, or have names that the program uses, or
     *     if the source's condition does not fit them
     */
    public StructType schema(TableSource source) {
        RawFiles.of(storage, source);
        StructType schema = source.columns().map(TableReader::parse).orElseGet(() -> there(source));
        Located place = source.columns().orElse(source.path());
        SourceColumns.checkNames(schema, place, source);
        if (source.isDelimited()) {
            SourceColumns.checkTypes(schema, place);
        }
        if (source.columns().isPresent() && (source.header() || !source.isDelimited())) {
            SourceColumns.checkPlaces(schema, there(source), place, source);
        }
        source.where()
                .ifPresent(where -> RawExpression.condition(
                        spark.createDataFrame(new ArrayList<Row>(), schema), where, "where", source.path()));
        return schema;
    }

    /**
     * The names in the first lines of delimited files, whatever they are.
     *
     * @param source csv or tsv with a header
     * @return the names in the files' order
     * @throws DataException if there is no such file, or the files differ
     */
    public List<String> header(TableSource source) {
        return List.of(delimited.header(source).fieldNames());
    }

    /**
     * Compares the first line of delimited text with what the settings say of it.
     *
     * @param source the source
     * @return a warning where it seems to be a header, but is read as a row, or the other way round
     * @throws DataException if there is no such file
     */
    public Optional<String> headerWarning(TableSource source) {
        return source.isDelimited()
                ? delimited
                        .headerCheck(
                                source, source.columns().map(TableReader::parse).orElse(new StructType()))
                        .warning()
                : Optional.empty();
    }

    /** What the files themselves say. */
    private StructType there(TableSource source) {
        return found.computeIfAbsent(
                source,
                from -> from.isDelimited()
                        ? delimited.header(from)
                        : ParquetReader.reads(from) ? parquet.schema(from) : other.schema(from));
    }

    /**
     * A source of which some columns may be missing: those at the end of the lines, or any where the files name them.
     *
     * @param source with all its columns
     * @param keys the columns that must be there
     * @return with those of its columns that the files have; with all of them if the files do not fit
     */
    public TableSource present(TableSource source, List<String> keys) {
        if (source.columns().isEmpty()) {
            return source;
        }
        StructType all = parse(source.columns().get());
        List<String> names = List.of(all.fieldNames());
        if (!source.isDelimited() || source.header()) {
            List<String> there = List.of(there(source).fieldNames());
            List<String> named = source.isDelimited()
                    ? there
                    : names.stream().filter(there::contains).toList();
            if (names.containsAll(named)) {
                return withColumns(source, named.stream().map(all::apply).toList());
            }
        }
        int width = source.isDelimited() ? Math.min(delimited.width(source), all.length()) : all.length();
        return names.subList(0, width).containsAll(keys)
                ? withColumns(source, List.of(all.fields()).subList(0, width))
                : source;
    }

    private static TableSource withColumns(TableSource source, List<StructField> fields) {
        return source.withColumns(Located.of(new StructType(fields.toArray(StructField[]::new)).toDDL()));
    }

    /**
     * Reads a source.
     *
     * @param source the source
     * @param required columns that must have a value, beside those that are NOT NULL
     * @return the source's rows; those for which its condition is not true have the problem {@link LeftOut#WHERE}
     * @throws DataException if there is nothing to read
     */
    public RawRows read(TableSource source, List<String> required) {
        StructType schema = require(schema(source), required);
        StructType parsed = TypedRows.parsed(schema, source);
        List<String> names = List.of(schema.fieldNames());
        RawRows raw = source.isDelimited()
                ? delimited.read(source, parsed)
                : ParquetReader.reads(source) ? parquet.read(source, names) : other.read(source, there(source), names);
        return raw.map(rows -> TypedRows.of(rows, source, schema, List.of(ROW, FILE, LINE)));
    }

    /**
     * Finds the extremes of some values over the good rows, in one pass.
     *
     * @param source the source
     * @param required columns that must have a value, beside those that are NOT NULL
     * @param values what to find the extremes of
     * @return the extremes
     * @throws DataException if there is nothing to read
     */
    public Extremes extremes(TableSource source, List<String> required, List<Extremes.Value> values) {
        StructType schema = require(schema(source), required);
        List<String> names = List.of(schema.fieldNames());
        boolean hasBlocks = !source.isDelimited() && !ParquetReader.reads(source);
        List<String> block = hasBlocks ? FormatReader.BLOCK : List.of();
        FormatReader.Versions files = other.versions(source);
        Dataset<Row> rows = source.isDelimited()
                ? delimited.readUnnumbered(source, TypedRows.parsed(schema, source))
                : hasBlocks
                        ? other.readUnnumbered(source, there(source), names)
                        : parquet.readUnnumbered(source, names);
        Extremes extremes = Extremes.of(TypedRows.of(rows, source, schema, block), block, values);
        if (extremes.rows() == 0) {
            throw source.isDelimited() ? DelimitedReader.empty(source, schema) : FormatReader.empty(source);
        }
        if (hasBlocks) {
            other.remember(files, extremes.blocks());
        }
        return extremes;
    }

    /** With further problems of rows that had none yet. */
    static Dataset<Row> check(Dataset<Row> rows, List<Column> problems) {
        return rows.withColumn(PROBLEM, coalesce(col(PROBLEM), firstOf(problems)));
    }

    public static Column problem(String reason, Column detail) {
        return struct(lit(reason).as("reason"), detail.as("detail"));
    }

    /** The first of some problems, null where all are. */
    static Column firstOf(List<Column> problems) {
        return problems.isEmpty()
                ? lit(null).cast(PROBLEM_TYPE)
                : try_element_at(filter(array(problems.toArray(Column[]::new)), Column::isNotNull), lit(1));
    }

    private static StructType parse(Located columns) {
        try {
            return StructType.fromDDL(columns.text());
        } catch (Exception e) {
            throw columns.error("columns: cannot be parsed. Write them as in SQL, such as id BIGINT NOT NULL,"
                    + " price DOUBLE. ("
                    + e.getMessage().strip().lines().findFirst().orElse("") + ")");
        }
    }

    private static StructType require(StructType schema, List<String> required) {
        return new StructType(Arrays.stream(schema.fields())
                .map(field -> new StructField(
                        field.name(),
                        field.dataType(),
                        field.nullable() && !required.contains(field.name()),
                        field.metadata()))
                .toArray(StructField[]::new));
    }

    /** A column's name as expressions take it whatever characters it has. */
    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
