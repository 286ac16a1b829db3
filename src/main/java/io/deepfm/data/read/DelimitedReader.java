package io.deepfm.data.read;

import io.deepfm.data.lines.HeaderCheck;
import io.deepfm.data.lines.LineParser;
import io.deepfm.data.lines.LineRecords;
import io.deepfm.data.lines.WholeFiles;
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
import java.util.ArrayList;
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

/** Reads delimited text for {@link TableReader}. A quoted value may hold the delimiter, and where it is wanted line ends. */
final class DelimitedReader {

    private static final long SMALL_BYTES = 4 << 20;

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
        List<List<String>> first = head(file, source, 1);
        if (first.isEmpty()
                || first.get(0) == null
                || String.join("", first.get(0)).isBlank()) {
            throw new DataException(
                    file + ":1: the header is missing or has unbalanced quotes. The first line should name"
                            + " the columns.");
        }
        return first.get(0).stream().map(String::strip).toList();
    }

    /** The number of columns that the first line of the first file has. */
    int width(TableSource source) {
        List<List<String>> first = head(RawFiles.of(storage, source).get(0), source, 1);
        return first.isEmpty() || first.get(0) == null ? 0 : first.get(0).size();
    }

    /** Compares the first line of the first file with what the settings say. */
    HeaderCheck headerCheck(TableSource source, StructType columns) {
        Path file = RawFiles.of(storage, source).get(0);
        return new HeaderCheck(
                source, columns, file.toString().replaceFirst("^file:/+", "/"), head(file, source, HeaderCheck.LINES));
    }

    /** The values of a file's first records; null for one that cannot be taken apart. */
    private List<List<String>> head(Path file, TableSource source, int most) {
        CompressionCodec codec = new CompressionCodecFactory(storage.configuration()).getCodec(file);
        Charset charset = charset(source);
        LineParser parser = parser(source);
        try (InputStream raw = storage.open(file);
                InputStream plain = codec == null ? raw : codec.createInputStream(raw);
                BufferedReader in = new BufferedReader(new InputStreamReader(plain, charset))) {
            in.mark(1);
            if (in.read() != '\ufeff') {
                in.reset();
            }
            Iterator<Text> lines =
                    in.lines().map(line -> new Text(line.getBytes(charset))).iterator();
            LineRecords records = new LineRecords(lines, parser, charset, source.multiLine());
            List<List<String>> head = new ArrayList<>();
            while (head.size() < most && records.hasNext()) {
                Text text = records.next().text();
                head.add(parser.values(new String(text.getBytes(), 0, text.getLength(), charset)));
            }
            return head;
        } catch (IOException | UncheckedIOException e) {
            throw new UncheckedIOException("Cannot read " + file, io(e));
        }
    }

    private static IOException io(Exception e) {
        return e instanceof UncheckedIOException unchecked ? unchecked.getCause() : (IOException) e;
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
        DelimitedLine line = line(source, schema);
        JavaNewHadoopRDD<LongWritable, Text> lines = lines(source);
        RowNumbers numbers = RowNumbers.of(lines.mapPartitionsWithInputSplit(
                        (split, part) -> Stream.of(count(block(split), line.records(texts(part)), header))
                                .iterator(),
                        true)
                .collect());
        if (numbers.rows() == 0) {
            throw empty(source, schema);
        }
        return new RawRows(
                rows(lines, header, line, numbers::start, isSmall(RawFiles.of(storage, source))), numbers.rows());
    }

    /**
     * Reads files without finding out first where each of their blocks begins.
     *
     * @param source what to read
     * @param schema its columns; one that is not nullable must have a value
     * @return as {@link #read}, but rows and lines are counted from the beginning of each block
     */
    Dataset<Row> readUnnumbered(TableSource source, StructType schema) {
        return rows(
                lines(source),
                source.header(),
                line(source, schema),
                block -> RowNumbers.FIRST,
                isSmall(RawFiles.of(storage, source)));
    }

    /** The error for a source without rows. */
    static DataException empty(TableSource source, StructType schema) {
        return new DataException(source.path() + " is empty. It should contain lines of " + schema.length()
                + " columns: " + String.join(", ", schema.fieldNames()) + ".");
    }

    private Dataset<Row> rows(
            JavaNewHadoopRDD<LongWritable, Text> lines,
            boolean header,
            DelimitedLine line,
            Function<RowNumbers.Block, RowNumbers.Start> starts,
            boolean isSmall) {
        Dataset<Row> rows = spark.createDataFrame(
                lines.mapPartitionsWithInputSplit(
                        (split, part) -> rows(block(split), texts(part), header, starts.call(block(split)), line),
                        true),
                line.rowType());
        return isSmall ? rows.coalesce(1) : rows;
    }

    /** Whether one task goes through all sooner than rows are shuffled, which Spark leaves out where it knows of one. */
    private boolean isSmall(List<Path> files) {
        return files.size() == 1 && storage.length(files.get(0)) <= SMALL_BYTES;
    }

    private DelimitedLine line(TableSource source, StructType schema) {
        return new DelimitedLine(
                parser(source),
                // A Charset does not travel to executors, its name does.
                charset(source).name(),
                schema,
                Set.copyOf(source.nullValues()),
                source.multiLine(),
                headerCheck(source, schema).isUnannounced());
    }

    private JavaNewHadoopRDD<LongWritable, Text> lines(TableSource source) {
        List<Path> files = RawFiles.of(storage, source);
        Class<? extends TextInputFormat> format = source.multiLine() ? WholeFiles.class : TextInputFormat.class;
        try {
            Job job = Job.getInstance(storage.configuration());
            FileInputFormat.setInputPaths(job, files.toArray(Path[]::new));
            return (JavaNewHadoopRDD<LongWritable, Text>) JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .newAPIHadoopRDD(job.getConfiguration(), format, LongWritable.class, Text.class);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + files, e);
        }
    }

    private static Iterator<Text> texts(Iterator<Tuple2<LongWritable, Text>> part) {
        return stream(part).map(Tuple2::_2).iterator();
    }

    private static <T> Stream<T> stream(Iterator<T> iterator) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED), false);
    }

    private static RowNumbers.Block block(InputSplit split) {
        FileSplit part = (FileSplit) split;
        return new RowNumbers.Block(part.getPath().toString(), part.getStart());
    }

    private static RowNumbers.Counted count(RowNumbers.Block block, LineRecords records, boolean header) {
        long rows = 0;
        while (records.hasNext()) {
            rows += isRow(records.next(), block, header) ? 1 : 0;
        }
        return new RowNumbers.Counted(block, records.lines(), rows);
    }

    private static Iterator<Row> rows(
            RowNumbers.Block block, Iterator<Text> lines, boolean header, RowNumbers.Start start, DelimitedLine line) {
        return stream(line.records(lines))
                .filter(record -> isRow(record, block, header))
                .map(record -> line.row(
                        record.text(), start.row() + record.place(), block.file(), start.line() + record.place() + 1))
                .iterator();
    }

    /** Blank lines and headers are none. */
    private static boolean isRow(LineRecords.Placed record, RowNumbers.Block block, boolean header) {
        if (header && record.place() == 0 && block.offset() == 0) {
            return false;
        }
        Text text = record.text();
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
