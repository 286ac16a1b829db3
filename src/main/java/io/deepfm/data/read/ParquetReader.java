package io.deepfm.data.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.deepfm.data.read.RowNumbers.Block;
import io.deepfm.data.read.RowNumbers.Counted;
import io.deepfm.dataset.TableSource;
import io.deepfm.storage.DataException;
import io.deepfm.storage.parquet.ParquetPages;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/** Reads Parquet for {@link TableReader}, after a look at every page. */
final class ParquetReader {

    /** Several, so that they end at about the same time whatever each has to read. */
    private static final int TASKS_PER_CORE = 8;

    /** Columns of Parquet files. */
    private record Verified(TableSource source, List<String> names) {}

    private final SparkSession spark;
    private final FormatReader formats;
    private final Map<Verified, RowNumbers> verified = new HashMap<>();

    ParquetReader(SparkSession spark, FormatReader formats) {
        this.spark = spark;
        this.formats = formats;
    }

    /** Whether a source is of this format. */
    static boolean reads(TableSource source) {
        return source.format().equalsIgnoreCase("parquet");
    }

    /**
     * The columns that there are.
     *
     * @throws DataException if a footer cannot be read
     */
    StructType schema(TableSource source) {
        // Looks at the footers.
        rowGroups(source).count();
        return formats.schema(source);
    }

    /**
     * Reads files in the order of their names: Spark tells a row's place in its file, and the footers how many rows each
     * file has.
     *
     * @param source what to read
     * @param names the columns wanted
     * @return the columns, where each row stands and what is wrong with it
     * @throws DataException if there are no rows
     */
    RawRows read(TableSource source, List<String> names) {
        RowNumbers numbers = verified(source, names);
        if (numbers.rows() == 0) {
            throw FormatReader.empty(source);
        }
        // Spark spells a file's URI in several ways.
        UDF1<String, Long> start =
                file -> numbers.start(new Block(path(file).toString(), 0)).row();
        Dataset<Row> raw = formats.load(source, null);
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
        List<String> files = Stream.of(formats.load(source, new StructType()).inputFiles())
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

    /**
     * Reads files where nobody asks for the place of a row.
     *
     * @param source what to read
     * @param names the columns wanted
     * @return the columns and what is wrong with each row
     */
    Dataset<Row> readUnnumbered(TableSource source, List<String> names) {
        verified(source, names);
        List<Column> columns = new ArrayList<>();
        names.forEach(name -> columns.add(col(TableReader.quoted(name))));
        columns.add(lit(null).cast(TableReader.PROBLEM_TYPE).as(TableReader.PROBLEM));
        return formats.load(source, null).select(columns.toArray(Column[]::new));
    }

    private static Path path(String uri) {
        return new Path(URI.create(uri));
    }

    /** With the source's options, as Spark reads it. */
    private SerializableConfiguration configuration(TableSource source) {
        Configuration configuration = new Configuration(spark.sparkContext().hadoopConfiguration());
        source.readerOptions().forEach(configuration::set);
        return new SerializableConfiguration(configuration);
    }
}
