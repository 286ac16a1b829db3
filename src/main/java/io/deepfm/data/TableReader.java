package io.deepfm.data;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import io.deepfm.config.TableSource;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads {@link TableSource}s as DataFrames: the source's columns, where each row stands ({@value #ROW} over all files,
 * {@value #FILE}, {@value #LINE}), and what is wrong with it ({@value #PROBLEM}, null where nothing is).
 */
final class TableReader {

    /** The row's number over all files of the source, from 0, in the order of their names (long). */
    static final String ROW = "_row";
    /** The file a row stands in (string). */
    static final String FILE = "_file";
    /** The line in that file, from 1; for a format without lines the row's number over all files, from 1 (long). */
    static final String LINE = "_line";
    /** What is wrong: a struct of {@code reason}, one of a few words, and {@code detail}, a text for people. */
    static final String PROBLEM = "_problem";

    private static final List<String> OWN = List.of(ROW, FILE, LINE, PROBLEM);

    private final SparkSession spark;
    private final Storage storage;

    TableReader(SparkSession spark, Storage storage) {
        this.spark = spark;
        this.storage = storage;
    }

    /**
     * The columns of a source.
     *
     * @param source the source
     * @return names and types; a column that is not nullable must have a value
     * @throws DataException if there is no such file
     * @throws ConfigException if the columns cannot be understood
     */
    StructType schema(TableSource source) {
        StructType schema = source.columns().isPresent()
                ? parse(source.columns().get())
                : source.isDelimited() ? new DelimitedReader(spark, storage).header(source) : inferred(source);
        for (String name : schema.fieldNames()) {
            if (OWN.contains(name) || name.isBlank()) {
                throw source.path()
                        .error("the column name '" + name + "' cannot be used. Rename it with columns = ...");
            }
        }
        return schema;
    }

    /**
     * Reads a source.
     *
     * @param source the source
     * @param required columns that must have a value, beside those that are NOT NULL
     * @return the source's rows
     * @throws DataException if there is nothing to read
     */
    Dataset<Row> read(TableSource source, List<String> required) {
        StructType schema = require(schema(source), required);
        return source.isDelimited()
                ? new DelimitedReader(spark, storage).read(source, schema)
                : numbered(source, schema);
    }

    static Column problem(String reason, Column detail) {
        return struct(lit(reason).as("reason"), detail.as("detail"));
    }

    /** The first of some problems, null where all are. */
    static Column firstOf(List<Column> problems) {
        return problems.isEmpty()
                ? lit(null).cast("struct<reason: string, detail: string>")
                : element_at(filter(array(problems.toArray(Column[]::new)), Column::isNotNull), 1);
    }

    static Column missing(StructField field) {
        return problem("missing value", lit("column " + field.name() + " is empty"));
    }

    /** All rows in the order in which Spark reads the files, which is that of their names and of the rows within. */
    private Dataset<Row> numbered(TableSource source, StructType schema) {
        Dataset<Row> raw = load(source).select(columns(schema));
        JavaRDD<Row> rows = raw.withColumn(FILE, org.apache.spark.sql.functions.input_file_name())
                .javaRDD()
                .zipWithIndex()
                .map(pair -> {
                    Object[] values = new Object[pair._1.length() + 2];
                    for (int i = 0; i < pair._1.length(); i++) {
                        values[i] = pair._1.get(i);
                    }
                    values[values.length - 2] = pair._2;
                    values[values.length - 1] = pair._2 + 1;
                    return RowFactory.create(values);
                });
        StructType all = raw.schema()
                .add(FILE, DataTypes.StringType)
                .add(ROW, DataTypes.LongType)
                .add(LINE, DataTypes.LongType);
        Dataset<Row> table = spark.createDataFrame(rows, all);
        if (table.isEmpty()) {
            throw new DataException(source.path() + " holds no rows.");
        }
        List<Column> problems = new ArrayList<>();
        for (StructField field : schema.fields()) {
            Column value = col(quoted(field.name()));
            if (!field.nullable()) {
                problems.add(when(value.isNull(), missing(field)));
            }
            if (field.dataType().equals(DataTypes.DoubleType)
                    || field.dataType().equals(DataTypes.FloatType)) {
                Column infinite = isnan(value)
                        .or(value.equalTo(Double.POSITIVE_INFINITY))
                        .or(value.equalTo(Double.NEGATIVE_INFINITY));
                problems.add(when(
                        infinite,
                        problem(
                                "not finite",
                                concat(
                                        lit("column " + field.name() + " is not finite: "),
                                        coalesce(value.cast("string"), lit(""))))));
            }
        }
        return table.withColumn(PROBLEM, firstOf(problems));
    }

    private Column[] columns(StructType schema) {
        return java.util.Arrays.stream(schema.fields())
                .map(field -> col(quoted(field.name())).cast(field.dataType()).as(field.name()))
                .toArray(Column[]::new);
    }

    private StructType inferred(TableSource source) {
        return load(source).schema();
    }

    private Dataset<Row> load(TableSource source) {
        try {
            return spark.read()
                    .format(source.format())
                    .options(source.options())
                    .load(source.path().text());
        } catch (Exception e) {
            if (e instanceof AnalysisException || e instanceof ClassNotFoundException) {
                throw source.path()
                        .error("cannot read " + source.path() + " as " + source.format() + ": "
                                + e.getMessage().lines().findFirst().orElse(""));
            }
            throw e;
        }
    }

    private static StructType parse(Located columns) {
        try {
            return StructType.fromDDL(columns.text());
        } catch (Exception e) {
            throw columns.error("columns: cannot be understood. Write them as in SQL, such as id BIGINT NOT NULL,"
                    + " price DOUBLE. ("
                    + e.getMessage().strip().lines().findFirst().orElse("") + ")");
        }
    }

    private static StructType require(StructType schema, List<String> required) {
        StructType result = new StructType();
        for (StructField field : schema.fields()) {
            DataType type = field.dataType();
            result = result.add(field.name(), type, field.nullable() && !required.contains(field.name()));
        }
        return result;
    }

    /** A column's name as expressions take it whatever characters it has. */
    static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
