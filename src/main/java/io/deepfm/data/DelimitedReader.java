package io.deepfm.data;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.from_csv;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.TableSource;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.spark.api.java.JavaNewHadoopRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** Reads lines of delimited text for {@link TableReader}. A quoted value may hold the delimiter, not a line's end. */
final class DelimitedReader {

    private static final int CHARACTERS_SHOWN = 100;
    private static final String CORRUPT = "_corrupt";
    private static final StructType LINES = new StructType()
            .add(TableReader.ROW, DataTypes.LongType, false)
            .add(TableReader.FILE, DataTypes.StringType, false)
            .add(TableReader.LINE, DataTypes.LongType, false)
            .add("_text", DataTypes.StringType, false);

    private final SparkSession spark;
    private final Storage storage;

    DelimitedReader(SparkSession spark, Storage storage) {
        this.spark = spark;
        this.storage = storage;
    }

    /** The columns that the first file's first line names. */
    StructType header(TableSource source) {
        Path file = RawFiles.of(storage, source).get(0);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(storage.open(file), charset(source)))) {
            String line = in.readLine();
            if (line == null || line.isBlank()) {
                throw new DataException(file + ":1: the header is missing. Its first line should name the columns.");
            }
            StructType schema = new StructType();
            for (String name : line.split(Pattern.quote(source.delimiterOrDefault()), -1)) {
                schema = schema.add(unquoted(name.strip(), source), DataTypes.StringType);
            }
            return schema;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** The number of columns that the first line of the first file has, 0 where it is empty. */
    int width(TableSource source) {
        Path file = RawFiles.of(storage, source).get(0);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(storage.open(file), charset(source)))) {
            String line = in.readLine();
            return line == null ? 0 : line.split(Pattern.quote(source.delimiterOrDefault()), -1).length;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /**
     * Reads files in the order of their names.
     *
     * @param source what to read
     * @param schema its columns; one that is not nullable must have a value
     * @return the columns, where each row stands and what is wrong with it
     * @throws DataException if there are no rows
     */
    Dataset<Row> read(TableSource source, StructType schema) {
        Dataset<Row> parts = lines(source).withColumn("_parts", parts(source, schema));
        if (parts.isEmpty()) {
            throw new DataException(source.path() + " is empty. It should hold lines of " + schema.length()
                    + " columns: " + String.join(", ", schema.fieldNames()) + ".");
        }
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < schema.length(); i++) {
            StructField field = schema.fields()[i];
            columns.add(value(i, field).cast(field.dataType()).as(field.name()));
        }
        columns.addAll(List.of(
                col(TableReader.ROW),
                col(TableReader.FILE),
                col(TableReader.LINE),
                problem(schema).as(TableReader.PROBLEM)));
        return parts.select(columns.toArray(Column[]::new));
    }

    /** Numbers the lines as Hadoop splits the files, in their order, and leaves blank ones and headers out. */
    private Dataset<Row> lines(TableSource source) {
        // A Charset does not travel to executors, its name does.
        String charset = charset(source).name();
        boolean header = source.header();
        String paths = RawFiles.of(storage, source).stream().map(Path::toString).collect(Collectors.joining(","));
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        JavaNewHadoopRDD<LongWritable, Text> raw = (JavaNewHadoopRDD<LongWritable, Text>) context.newAPIHadoopFile(
                paths, TextInputFormat.class, LongWritable.class, Text.class, storage.configuration());
        JavaRDD<Tuple2<String, String>> texts = raw.mapPartitionsWithInputSplit(
                (split, lines) -> {
                    String file = ((FileSplit) split).getPath().toString();
                    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(lines, Spliterator.ORDERED), false)
                            .map(line -> new Tuple2<>(file, decoded(line._2, charset)))
                            .iterator();
                },
                true);
        var numbered = texts.zipWithIndex();
        // The row at which each file begins: as many numbers as there are files.
        Map<String, Long> starts = numbered.mapToPair(line -> new Tuple2<>(line._1._1, line._2))
                .reduceByKey(Math::min)
                .collectAsMap();
        JavaRDD<Row> rows = numbered.filter(line -> !line._1._2.isBlank())
                .map(line -> RowFactory.create(line._2, line._1._1, line._2 - starts.get(line._1._1) + 1, line._1._2))
                .filter(row -> !header || row.getLong(2) > 1);
        return spark.createDataFrame(rows, LINES);
    }

    /** The line's values as an array of texts; null where a quoted line cannot be taken apart. */
    private static Column parts(TableSource source, StructType schema) {
        if (source.quoteOrDefault().isEmpty()) {
            return split(col("_text"), Pattern.quote(source.delimiterOrDefault()), -1);
        }
        StructType texts = new StructType();
        for (int i = 0; i < schema.length(); i++) {
            texts = texts.add("c" + i, DataTypes.StringType);
        }
        Column parsed = from_csv(
                col("_text"),
                lit(texts.add(CORRUPT, DataTypes.StringType).toDDL()),
                Map.of(
                        "sep", source.delimiterOrDefault(),
                        "quote", source.quoteOrDefault(),
                        // A quote within quotes is written twice.
                        "escape", source.quoteOrDefault(),
                        "mode", "PERMISSIVE",
                        "columnNameOfCorruptRecord", CORRUPT));
        Column[] values = IntStream.range(0, schema.length())
                .mapToObj(i -> parsed.getField("c" + i))
                .toArray(Column[]::new);
        return when(parsed.getField(CORRUPT).isNull(), array(values));
    }

    /** The first thing that is wrong with a line, or null. */
    private static Column problem(StructType schema) {
        Column parts = col("_parts");
        String expected = schema.length() + " columns (" + String.join(", ", schema.fieldNames()) + "): '";
        Column wrongCount = when(
                        parts.isNull(),
                        TableReader.problem(
                                "wrong number of columns",
                                concat(lit("does not have " + expected), shown(col("_text")), lit("'"))))
                .when(
                        size(parts).notEqual(schema.length()),
                        TableReader.problem(
                                "wrong number of columns",
                                concat(
                                        lit("has "),
                                        size(parts).cast("string"),
                                        lit(" columns instead of " + expected),
                                        shown(col("_text")),
                                        lit("'"))));
        List<Column> problems = new ArrayList<>(List.of(wrongCount));
        for (int i = 0; i < schema.length(); i++) {
            problems.add(problem(value(i, schema.fields()[i]), schema.fields()[i]));
        }
        return TableReader.firstOf(problems);
    }

    private static Column problem(Column value, StructField field) {
        String name = "column " + field.name();
        Column shown = concat(shown(value), lit("'"));
        Column wrong = when(value.isNull(), field.nullable() ? lit(null) : TableReader.missing(field));
        if (field.dataType() instanceof StringType) {
            return wrong;
        }
        if (field.dataType() instanceof FractionalType) {
            wrong = wrong.when(
                    lower(trim(value)).rlike("^[+-]?(nan|inf|infinity)$"),
                    TableReader.problem("not finite", concat(lit(name + " is not finite: '"), shown)));
        }
        String kind = field.dataType() instanceof IntegralType
                ? "whole number"
                : field.dataType() instanceof FractionalType
                        ? "number"
                        : field.dataType().simpleString();
        Column fits = field.dataType() instanceof IntegralType
                ? value.rlike("^[+-]?[0-9]{1,19}$")
                : field.dataType() instanceof FractionalType
                        ? value.rlike("^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,2})?$")
                        : lit(true);
        return wrong.when(
                fits.equalTo(false).or(value.cast(field.dataType()).isNull()),
                TableReader.problem("wrong type", concat(lit(name + " is no " + kind + ": '"), shown)));
    }

    /** A column's text, null where it is empty. */
    private static Column value(int index, StructField field) {
        Column text = col("_parts").getItem(index);
        Column value = field.dataType() instanceof BooleanType || !(field.dataType() instanceof StringType)
                ? trim(text)
                : text;
        return when(trim(text).notEqual(""), value);
    }

    /** A long text's beginning. */
    private static Column shown(Column text) {
        return when(length(text).gt(CHARACTERS_SHOWN), concat(substring(text, 1, CHARACTERS_SHOWN), lit("...")))
                .otherwise(text);
    }

    private static String decoded(Text line, String charset) {
        return new String(line.getBytes(), 0, line.getLength(), Charset.forName(charset));
    }

    private static Charset charset(TableSource source) {
        try {
            return Charset.forName(source.encoding().text());
        } catch (IllegalArgumentException e) {
            throw source.encoding()
                    .error("encoding: Java knows no " + source.encoding() + ". Known are, for example,"
                            + " UTF-8, ISO-8859-1 and windows-1252.");
        }
    }

    private static String unquoted(String name, TableSource source) {
        String quote = source.quoteOrDefault();
        boolean isQuoted = !quote.isEmpty() && name.length() > 1 && name.startsWith(quote) && name.endsWith(quote);
        return isQuoted ? name.substring(1, name.length() - 1) : name;
    }
}
