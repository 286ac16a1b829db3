package io.deepfm.data.read;

import io.deepfm.data.source.RawFiles;
import io.deepfm.dataset.TableSource;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.spark.api.java.JavaNewHadoopRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** Reads lines of delimited text for {@link TableReader}. A quoted value may hold the delimiter, not a line's end. */
final class DelimitedReader {

    private final SparkSession spark;
    private final Storage storage;

    DelimitedReader(SparkSession spark, Storage storage) {
        this.spark = spark;
        this.storage = storage;
    }

    /**
     * The names that the files' first lines hold, all of type STRING.
     *
     * @throws DataException if they cannot be read or differ from file to file
     */
    StructType header(TableSource source) {
        List<Path> files = RawFiles.of(storage, source);
        List<String> names = names(files.get(0), source);
        for (Path file : files) {
            List<String> others = names(file, source);
            if (!others.equals(names)) {
                throw new DataException(file + ":1: the header names the columns " + String.join(", ", others)
                        + ", but that of " + files.get(0) + " " + String.join(", ", names)
                        + ". All files of a source need the same columns in the same order.");
            }
        }
        StructType schema = new StructType();
        for (String name : names) {
            schema = schema.add(name, DataTypes.StringType);
        }
        return schema;
    }

    private List<String> names(Path file, TableSource source) {
        String line = firstLine(file, source);
        List<String> names = parser(source).values(line);
        if (line.isBlank() || names == null) {
            throw new DataException(
                    file + ":1: the header is missing or has unbalanced quotes. The first line should name"
                            + " the columns.");
        }
        return names.stream().map(String::strip).toList();
    }

    /** The number of columns that the first line of the first file has. */
    int width(TableSource source) {
        List<String> values =
                parser(source).values(firstLine(RawFiles.of(storage, source).get(0), source));
        return values == null ? 0 : values.size();
    }

    /** Empty where the file is. */
    private String firstLine(Path file, TableSource source) {
        CompressionCodec codec = new CompressionCodecFactory(storage.configuration()).getCodec(file);
        try (InputStream raw = storage.open(file);
                InputStream plain = codec == null ? raw : codec.createInputStream(raw);
                BufferedReader in = new BufferedReader(new InputStreamReader(plain, charset(source)))) {
            String line = in.readLine();
            return line == null ? "" : line.startsWith("\ufeff") ? line.substring(1) : line;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /**
     * Reads files in the order of their names.
     *
     * @param source what to read
     * @param schema its columns; one that is not nullable must have a value
     * @return the columns, those of other types than {@link DelimitedLine#typeOf} as text, where each row stands and what
     *     is wrong with it
     * @throws DataException if there are no rows
     */
    RawRows read(TableSource source, StructType schema) {
        boolean header = source.header();
        JavaNewHadoopRDD<LongWritable, Text> lines = lines(RawFiles.of(storage, source));
        RowNumbers numbers = RowNumbers.of(lines.mapPartitionsWithInputSplit(
                        (split, part) ->
                                Stream.of(count(block(split), part, header)).iterator(),
                        true)
                .collect());
        if (numbers.rows() == 0) {
            throw empty(source, schema);
        }
        return new RawRows(rows(lines, source, schema, numbers::start), numbers.rows());
    }

    /**
     * Reads files without finding out first where each of their blocks begins.
     *
     * @param source what to read
     * @param schema its columns; one that is not nullable must have a value
     * @return as {@link #read}, but rows and lines are counted from the beginning of each block
     */
    Dataset<Row> readUnnumbered(TableSource source, StructType schema) {
        return rows(lines(RawFiles.of(storage, source)), source, schema, block -> RowNumbers.FIRST);
    }

    /** The error for a source without rows. */
    static DataException empty(TableSource source, StructType schema) {
        return new DataException(source.path() + " is empty. It should contain lines of " + schema.length()
                + " columns: " + String.join(", ", schema.fieldNames()) + ".");
    }

    private Dataset<Row> rows(
            JavaNewHadoopRDD<LongWritable, Text> lines,
            TableSource source,
            StructType schema,
            Function<RowNumbers.Block, RowNumbers.Start> starts) {
        // A Charset does not travel to executors, its name does.
        DelimitedLine line =
                new DelimitedLine(parser(source), charset(source).name(), schema, Set.copyOf(source.nullValues()));
        boolean header = source.header();
        return spark.createDataFrame(
                lines.mapPartitionsWithInputSplit(
                        (split, part) -> rows(block(split), part, header, starts.call(block(split)), line), true),
                line.rowType());
    }

    private JavaNewHadoopRDD<LongWritable, Text> lines(List<Path> files) {
        try {
            Job job = Job.getInstance(storage.configuration());
            FileInputFormat.setInputPaths(job, files.toArray(Path[]::new));
            return (JavaNewHadoopRDD<LongWritable, Text>) JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .newAPIHadoopRDD(job.getConfiguration(), TextInputFormat.class, LongWritable.class, Text.class);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + files, e);
        }
    }

    private static RowNumbers.Block block(InputSplit split) {
        FileSplit part = (FileSplit) split;
        return new RowNumbers.Block(part.getPath().toString(), part.getStart());
    }

    private static RowNumbers.Counted count(
            RowNumbers.Block block, Iterator<Tuple2<LongWritable, Text>> part, boolean header) {
        long lines = 0;
        long rows = 0;
        while (part.hasNext()) {
            rows += isRow(part.next()._2, lines++, block, header) ? 1 : 0;
        }
        return new RowNumbers.Counted(block, lines, rows);
    }

    private static Iterator<Row> rows(
            RowNumbers.Block block,
            Iterator<Tuple2<LongWritable, Text>> part,
            boolean header,
            RowNumbers.Start start,
            DelimitedLine line) {
        long[] lines = {0};
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(part, Spliterator.ORDERED), false)
                .map(text -> {
                    long place = lines[0]++;
                    return isRow(text._2, place, block, header)
                            ? line.row(text._2, start.row() + place, block.file(), start.line() + place + 1)
                            : null;
                })
                .filter(row -> row != null)
                .iterator();
    }

    /** Blank lines and headers are none. */
    private static boolean isRow(Text text, long place, RowNumbers.Block block, boolean header) {
        if (header && place == 0 && block.offset() == 0) {
            return false;
        }
        byte[] bytes = text.getBytes();
        for (int i = 0; i < text.getLength(); i++) {
            if (bytes[i] < 0 || bytes[i] > ' ') {
                return true;
            }
        }
        return false;
    }

    private static LineParser parser(TableSource source) {
        return new LineParser(source.delimiterOrDefault(), source.quoteOrDefault());
    }

    private static Charset charset(TableSource source) {
        try {
            Charset charset = Charset.forName(source.encoding().text());
            if ("\n".getBytes(charset).length == 1) {
                return charset;
            }
        } catch (IllegalArgumentException e) {
            throw source.encoding()
                    .error("encoding: unknown encoding " + source.encoding() + ". Use for example"
                            + " UTF-8, ISO-8859-1 and windows-1252.");
        }
        throw source.encoding()
                .error("encoding: lines must end in a single byte, which in " + source.encoding()
                        + " they do not. Convert the" + " files to " + StandardCharsets.UTF_8 + ".");
    }
}
