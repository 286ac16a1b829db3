package io.deepfm.data.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.deepfm.data.read.RowNumbers.Block;
import io.deepfm.data.read.RowNumbers.Counted;
import io.deepfm.dataset.TableSource;
import io.deepfm.storage.DataException;
import io.deepfm.storage.parquet.ParquetPages;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Reads for {@link TableReader} what Spark reads by a format's name. Spark takes the files in an order of its own, so rows
 * are numbered by the files' names and their places within.
 */
final class FormatReader {

    private static final String OFFSET = "_offset";
    private static final String CORRUPT = "_corrupt";
    /** Several, so that they end at about the same time whatever each has to read. */
    private static final int TASKS_PER_CORE = 8;

    /** What is wrong with a row that the format's reader could not take apart. */
    private static final String NO_JSON = "wrong format";

    /** Columns of Parquet files. */
    private record Verified(TableSource source, List<String> names) {}

    private final SparkSession spark;
    private final Map<Verified, RowNumbers> verified = new HashMap<>();

    FormatReader(SparkSession spark) {
        this.spark = spark;
    }

    /**
     * The columns that the format itself tells of; of JSON, what all its lines have.
     *
     * @throws DataException if the files cannot be read
     */
    StructType schema(TableSource source) {
        if (isParquet(source)) {
            // Looks at the footers.
            rowGroups(source).count();
        }
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
        if (isParquet(source)) {
            return readParquet(source, names);
        }
        Dataset<Row> placed = placed(raw(source, all), columns(source, names), source);
        RowNumbers numbers = RowNumbers.of(counted(placed));
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
     * @return the columns and what is wrong with each row
     */
    Dataset<Row> readUnnumbered(TableSource source, StructType all, List<String> names) {
        if (isParquet(source)) {
            verified(source, names);
        }
        return raw(source, all)
                .select(columns(source, names).toArray(Column[]::new))
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

    /** Spark tells a row's place in its file, and the footers how many rows each file has. */
    private RawRows readParquet(TableSource source, List<String> names) {
        RowNumbers numbers = verified(source, names);
        if (numbers.rows() == 0) {
            throw empty(source);
        }
        // Spark spells a file's URI in several ways.
        UDF1<String, Long> start =
                file -> numbers.start(new Block(path(file).toString(), 0)).row();
        Dataset<Row> raw = load(source, null);
        Column metadata = raw.metadataColumn("_metadata");
        Column place = metadata.getField("row_index");
        Column file = metadata.getField("file_path");
        List<Column> columns = new ArrayList<>();
        names.forEach(name -> columns.add(col(TableReader.quoted(name))));
        columns.add(udf(start, DataTypes.LongType)
                .asNonNullable()
                .apply(file)
                .plus(place)
                .as(TableReader.ROW));
        columns.add(file.as(TableReader.FILE));
        columns.add(place.plus(1).as(TableReader.LINE));
        columns.add(lit(null).cast(TableReader.PROBLEM_TYPE).as(TableReader.PROBLEM));
        return new RawRows(raw.select(columns.toArray(Column[]::new)), numbers.rows());
    }

    /**
     * Looks at all pages, once, before Spark reads them, which may wait for the rest of a damaged one without end.
     *
     * @return where each file's rows begin
     */
    private RowNumbers verified(TableSource source, List<String> names) {
        return verified.computeIfAbsent(new Verified(source, List.copyOf(names)), this::verify);
    }

    private RowNumbers verify(Verified wanted) {
        SerializableConfiguration configuration = configuration(wanted.source());
        List<String> columns = wanted.names();
        JavaRDD<Tuple2<String, Integer>> groups = rowGroups(wanted.source());
        Map<String, Long> rows = groups.repartition(groups.context().defaultParallelism() * TASKS_PER_CORE)
                .mapToPair(group -> new Tuple2<>(
                        path(group._1()).toString(),
                        ParquetPages.verify(configuration.value(), path(group._1()), group._2(), columns)))
                .reduceByKey(Long::sum)
                .collectAsMap();
        return RowNumbers.of(rows.entrySet().stream()
                .map(file -> new Counted(new Block(file.getKey(), 0), file.getValue(), file.getValue()))
                .toList());
    }

    /** The files that Spark will read, and the number of each of their row groups. */
    private JavaRDD<Tuple2<String, Integer>> rowGroups(TableSource source) {
        SerializableConfiguration configuration = configuration(source);
        List<String> files = Stream.of(load(source, new StructType()).inputFiles())
                // Summaries of other files.
                .filter(file -> !path(file).getName().startsWith("_"))
                .toList();
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        int tasks = Math.max(1, Math.min(files.size(), context.defaultParallelism() * TASKS_PER_CORE));
        return context.parallelize(files, tasks)
                .flatMap(file -> IntStream.range(0, ParquetPages.countRowGroups(configuration.value(), path(file)))
                        .mapToObj(group -> new Tuple2<>(file, group))
                        .iterator());
    }

    private static Path path(String uri) {
        return new Path(URI.create(uri));
    }

    /** With the source's options, as Spark reads it. */
    private SerializableConfiguration configuration(TableSource source) {
        Configuration configuration = new Configuration(spark.sparkContext().hadoopConfiguration());
        source.options().forEach(configuration::set);
        return new SerializableConfiguration(configuration);
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

    private static List<Counted> counted(Dataset<Row> placed) {
        return placed.groupBy(TableReader.FILE, OFFSET).agg(count(lit(1)).as("rows")).collectAsList().stream()
                .map(row -> new Counted(block(row, 0), row.getLong(2), row.getLong(2)))
                .toList();
    }

    private static boolean isParquet(TableSource source) {
        return source.format().equalsIgnoreCase("parquet");
    }

    private static boolean isJson(TableSource source) {
        return source.format().equalsIgnoreCase("json");
    }

    private Dataset<Row> load(TableSource source, StructType schema) {
        Map<String, String> options = new LinkedHashMap<>(source.options());
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
