package io.deepfm.data.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.deepfm.data.read.RowNumbers.Block;
import io.deepfm.data.read.RowNumbers.Counted;
import io.deepfm.data.source.RawFiles;
import io.deepfm.dataset.TableSource;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads for {@link TableReader} what Spark reads by a format's name. Spark takes the files in an order of its own, so rows
 * are numbered by the files' names and their places within.
 */
final class FormatReader {

    private static final String OFFSET = "_offset";
    /** The columns that say which block a row stands in: file and place within. */
    static final List<String> BLOCK = List.of(TableReader.FILE, OFFSET);

    private static final String CORRUPT = "_corrupt";
    /** What is wrong with a row that the format's reader could not take apart. */
    private static final String NO_JSON = "wrong format";

    /** Files as they were when their rows were counted. */
    record Versions(TableSource source, List<String> files) {}

    private final SparkSession spark;
    private final Storage storage;
    private final Map<Versions, RowNumbers> counted = new HashMap<>();

    FormatReader(SparkSession spark, Storage storage) {
        this.spark = spark;
        this.storage = storage;
    }

    /**
     * The columns that the format itself tells of; of JSON, what all its lines have.
     *
     * @throws DataException if the files cannot be read
     */
    StructType schema(TableSource source) {
        StructType schema = new StructType();
        for (StructField field : load(source, null).schema().fields()) {
            if (!field.name().equals(CORRUPT)) {
                schema = schema.add(field);
            }
        }
        return schema;
    }

    /**
     * Reads files in the order of their names.
     *
     * @param source what to read
     * @param all the columns there are
     * @param names the columns wanted
     * @return the columns, where each row stands and what is wrong with it
     * @throws DataException if there are no rows
     */
    RawRows read(TableSource source, StructType all, List<String> names) {
        Dataset<Row> placed = placed(raw(source, all), columns(source, names), source);
        RowNumbers numbers = counted.computeIfAbsent(versions(source), files -> numbers(count(placed)));
        if (numbers.rows() == 0) {
            throw empty(source);
        }
        int width = names.size();
        JavaRDD<Row> rows = placed.javaRDD().mapPartitions(part -> {
            Map<Block, Long> next = new HashMap<>();
            return StreamSupport.stream(Spliterators.spliteratorUnknownSize(part, Spliterator.ORDERED), false)
                    .map(row -> numbered(row, width, next, numbers))
                    .iterator();
        });
        StructType type = new StructType();
        for (int i = 0; i < width; i++) {
            type = type.add(placed.schema().fields()[i]);
        }
        type = type.add(TableReader.ROW, DataTypes.LongType, false)
                .add(TableReader.FILE, DataTypes.StringType, false)
                .add(TableReader.LINE, DataTypes.LongType, false)
                .add(TableReader.PROBLEM, TableReader.PROBLEM_TYPE);
        return new RawRows(spark.createDataFrame(rows, type), numbers.rows());
    }

    /**
     * Reads files without finding out first where each of their blocks begins.
     *
     * @param source what to read
     * @param all the columns there are
     * @param names the columns wanted
     * @return the columns, the block each row stands in ({@link #BLOCK}) and what is wrong with it
     */
    Dataset<Row> readUnnumbered(TableSource source, StructType all, List<String> names) {
        return placed(raw(source, all), columns(source, names), source)
                .withColumn(
                        TableReader.PROBLEM,
                        when(
                                        col(CORRUPT).isNotNull(),
                                        struct(
                                                lit(NO_JSON).as("reason"),
                                                col(CORRUPT).as("detail")))
                                .cast(TableReader.PROBLEM_TYPE))
                .drop(CORRUPT);
    }

    /** The files of a source as they are now. */
    Versions versions(TableSource source) {
        return new Versions(source, RawFiles.versions(storage, source));
    }

    /**
     * Remembers how many rows each block has, as somebody went over all of them, so that {@link #read} need not count them.
     *
     * @param files {@link #versions} before it was read
     * @param blocks the columns of {@link #BLOCK} and the number of rows
     */
    void remember(Versions files, List<Row> blocks) {
        counted.put(files, numbers(blocks));
    }

    /** The error for a source without rows. */
    static DataException empty(TableSource source) {
        return new DataException(source.path() + " has no rows.");
    }

    private Dataset<Row> raw(TableSource source, StructType all) {
        return load(source, isJson(source) ? all.add(CORRUPT, DataTypes.StringType) : null);
    }

    private static List<Column> columns(TableSource source, List<String> names) {
        List<Column> columns = new ArrayList<>();
        names.forEach(name -> columns.add(col(TableReader.quoted(name))));
        columns.add(isJson(source) ? col(CORRUPT) : lit(null).cast("string").as(CORRUPT));
        return columns;
    }

    private static Row numbered(Row row, int width, Map<Block, Long> next, RowNumbers numbers) {
        Block block = block(row, width + 1);
        long place = next.merge(block, 1L, Long::sum) - 1;
        RowNumbers.Start start = numbers.start(block);
        Object[] values = new Object[width + 4];
        for (int i = 0; i < width; i++) {
            values[i] = row.get(i);
        }
        values[width] = start.row() + place;
        values[width + 1] = block.file();
        values[width + 2] = start.line() + place + 1;
        String corrupt = row.getString(width);
        values[width + 3] = corrupt == null ? null : RowFactory.create(NO_JSON, "cannot be parsed: '" + corrupt + "'");
        return RowFactory.create(values);
    }

    private static Block block(Row row, int at) {
        return new Block(row.getString(at), row.getLong(at + 1));
    }

    /** With each row's file and block; a source that tells of no files is one file of as many blocks as partitions. */
    private static Dataset<Row> placed(Dataset<Row> raw, List<Column> columns, TableSource source) {
        List<Column> all = new ArrayList<>(columns);
        try {
            all.add(raw.metadataColumn("_metadata").getField("file_path").as(TableReader.FILE));
            all.add(raw.metadataColumn("_metadata").getField("file_block_start").as(OFFSET));
            return raw.select(all.toArray(Column[]::new));
        } catch (Exception e) {
            if (!(e instanceof AnalysisException)) {
                throw e;
            }
        }
        all.subList(columns.size(), all.size()).clear();
        all.add(lit(source.path().text()).as(TableReader.FILE));
        all.add(spark_partition_id().cast("long").as(OFFSET));
        return raw.select(all.toArray(Column[]::new));
    }

    private static List<Row> count(Dataset<Row> placed) {
        return placed.groupBy(TableReader.FILE, OFFSET)
                .agg(functions.count(lit(1)))
                .collectAsList();
    }

    private static RowNumbers numbers(List<Row> blocks) {
        return RowNumbers.of(blocks.stream()
                .map(row -> new Counted(block(row, 0), row.getLong(2), row.getLong(2)))
                .toList());
    }

    private static boolean isJson(TableSource source) {
        return source.format().equalsIgnoreCase("json");
    }

    /** With the columns that are in the files where {@code schema} is null. */
    Dataset<Row> load(TableSource source, StructType schema) {
        Map<String, String> options = new LinkedHashMap<>(source.readerOptions());
        if (isJson(source)) {
            // Invalid JSON becomes a row, too, so that it is reported.
            options.put("mode", "PERMISSIVE");
            options.put("columnNameOfCorruptRecord", CORRUPT);
        }
        try {
            var reader = spark.read().format(source.format()).options(options);
            return (schema == null ? reader : reader.schema(schema))
                    .load(source.path().text());
        } catch (Exception e) {
            if (e instanceof AnalysisException || e instanceof ClassNotFoundException) {
                throw source.path().error(unreadable(source, e));
            }
            throw new DataException(unreadable(source, e), e);
        }
    }

    private static String unreadable(TableSource source, Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "cannot read " + source.path() + " as " + source.format() + ": "
                + String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }
}
