package io.deepfm.data;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.deepfm.data.TableSource.ColumnType;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Reads {@link TableSource}s as DataFrames with a column {@value #LINE}: the line in the file, counted from 1.
 *
 * <p>A row that does not fit the source's columns is an error that names file, line, column and value.
 */
final class DelimitedReader {

    /** The line a row stands on. */
    static final String LINE = "line";

    private static final int PROBLEMS_SHOWN = 5;
    private static final int CHARACTERS_SHOWN = 100;
    private static final StructType LINES =
            new StructType().add(LINE, DataTypes.LongType, false).add("text", DataTypes.StringType, false);

    private final SparkSession spark;
    private final Storage storage;

    DelimitedReader(SparkSession spark, Storage storage) {
        this.spark = spark;
        this.storage = storage;
    }

    /**
     * Reads a file in the order of its lines.
     *
     * @param source what to read
     * @return the line and the source's columns
     * @throws DataException if the file is empty or a row does not fit
     */
    Dataset<Row> read(TableSource source) {
        Dataset<Row> parts = lines(source)
                .withColumn("parts", split(col("text"), Pattern.quote(source.delimiter()), -1))
                .withColumn("problem", problem(source));
        refuse(source, parts);
        List<Column> columns = new ArrayList<>(List.of(col(LINE)));
        for (int i = 0; i < source.columns().size(); i++) {
            TableSource.Column column = source.columns().get(i);
            columns.add(part(i).cast(sqlType(column.type())).as(column.name()));
        }
        return parts.select(columns.toArray(Column[]::new));
    }

    /**
     * The number of columns that a file's first line has.
     *
     * @param source what to read
     * @return 0 where the file is empty
     */
    int width(TableSource source) {
        List<String> first = text(source).filter(line -> !line.isBlank()).take(1);
        return first.isEmpty() ? 0 : first.get(0).split(Pattern.quote(source.delimiter()), -1).length;
    }

    /**
     * Throws if there are problems.
     *
     * @param problems rows of a line and a text, such as {@code column rating is no number: 'abc'}
     * @param path the file they stand in
     * @param advice what to do
     */
    static void refuse(Dataset<Row> problems, String path, String advice) {
        List<Row> first = problems.orderBy(LINE).limit(PROBLEMS_SHOWN + 1).collectAsList();
        if (first.isEmpty()) {
            return;
        }
        StringBuilder message = new StringBuilder();
        for (Row row : first.subList(0, Math.min(PROBLEMS_SHOWN, first.size()))) {
            message.append(path)
                    .append(":")
                    .append(row.getLong(0))
                    .append(": ")
                    .append(row.getString(1))
                    .append("\n");
        }
        if (first.size() > PROBLEMS_SHOWN) {
            message.append("and ").append(problems.count() - PROBLEMS_SHOWN).append(" more.\n");
        }
        throw new DataException(message.append(advice).toString());
    }

    private void refuse(TableSource source, Dataset<Row> parts) {
        if (parts.isEmpty()) {
            throw new DataException(source.path() + " is empty. It should hold lines of "
                    + source.columns().size() + " columns: " + names(source) + ".");
        }
        refuse(
                parts.filter(col("problem").isNotNull()).select(LINE, "problem"),
                source.path(),
                "Correct these lines or remove them.");
    }

    /** Numbers the lines as Hadoop splits the file, in the file's order, and leaves blank ones out. */
    private Dataset<Row> lines(TableSource source) {
        JavaRDD<Row> rows = text(source)
                .zipWithIndex()
                .filter(line -> !line._1.isBlank())
                .map(line -> RowFactory.create(line._2 + 1, line._1));
        return spark.createDataFrame(rows, LINES);
    }

    private JavaRDD<String> text(TableSource source) {
        // A Charset does not travel to executors, its name does.
        String charset = Charset.forName(source.charset()).name();
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .newAPIHadoopFile(
                        source.path(), TextInputFormat.class, LongWritable.class, Text.class, storage.configuration())
                .map(line -> new String(line._2.getBytes(), 0, line._2.getLength(), charset));
    }

    /** The first thing that is wrong with a line, or null. */
    private static Column problem(TableSource source) {
        int expected = source.columns().size();
        Column problem = when(
                size(col("parts")).notEqual(expected),
                concat(
                        lit("has "),
                        size(col("parts")).cast("string"),
                        lit(" columns instead of " + expected + " (" + names(source) + "): '"),
                        shown(col("text")),
                        lit("'")));
        Column[] columnProblems = new Column[expected];
        for (int i = 0; i < expected; i++) {
            columnProblems[i] = problem(i, source.columns().get(i));
        }
        return problem.otherwise(element_at(filter(array(columnProblems), Column::isNotNull), 1));
    }

    private static Column problem(int index, TableSource.Column column) {
        Column value = part(index);
        Column shown = concat(shown(value), lit("'"));
        return switch (column.type()) {
            case OPTIONAL_TEXT -> lit(null).cast("string");
            case TEXT -> when(trim(value).equalTo(""), lit("column " + column.name() + " is empty"));
            case LONG ->
                when(
                        value.rlike("^[+-]?[0-9]{1,18}$").equalTo(false),
                        concat(lit("column " + column.name() + " is no whole number: '"), shown));
            case DOUBLE ->
                when(
                        value.rlike("^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,2})?$")
                                .equalTo(false),
                        concat(lit("column " + column.name() + " is no number: '"), shown));
        };
    }

    /** A long text's beginning. */
    private static Column shown(Column text) {
        return when(length(text).gt(CHARACTERS_SHOWN), concat(substring(text, 1, CHARACTERS_SHOWN), lit("...")))
                .otherwise(text);
    }

    private static Column part(int index) {
        return col("parts").getItem(index);
    }

    private static String sqlType(ColumnType type) {
        return switch (type) {
            case TEXT, OPTIONAL_TEXT -> "string";
            case LONG -> "bigint";
            case DOUBLE -> "double";
        };
    }

    private static String names(TableSource source) {
        return String.join(
                ", ", source.columns().stream().map(TableSource.Column::name).toList());
    }
}
