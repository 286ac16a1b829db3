package io.deepfm.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import io.deepfm.dataset.TableSource;
import io.deepfm.dataset.TableSourceBuilder;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of every kind become rows that know their place and what is wrong with them. */
class TableReaderTest {

    private static SparkSession spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", 2)
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void aHeadersNamesMayBeQuotedAndHoldTheDelimiter() throws IOException {
        write("a.csv", "\ufeff\"a,b\",c\n1,2\n");
        assertThat(read(csv("a.csv", true, null)).get(0).schema().fieldNames()).startsWith("a,b", "c");
    }

    @Test
    void rowsKnowFileAndLineOverSeveralFilesAndBlankLines() throws IOException {
        write("in/a.csv", "id,x\n1,a\n\n2,b\n");
        write("in/b.csv", "id,x\n3,c\n");
        List<Row> rows = read(csv("in", true, "id INT, x STRING"));
        assertThat(rows).extracting(row -> row.getInt(0)).containsExactly(1, 2, 3);
        assertThat(rows).extracting(row -> row.<Long>getAs("_row")).containsExactly(1L, 3L, 5L);
        assertThat(rows).extracting(row -> row.<Long>getAs("_line")).containsExactly(2L, 4L, 2L);
        assertThat(rows.get(2).<String>getAs("_file")).endsWith("in/b.csv");
    }

    @Test
    void blocksOfALargeFileAreNumberedThrough() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            text.append(i).append(",value").append(i).append('\n');
        }
        write("large.csv", text.toString());
        String setting = "mapreduce.input.fileinputformat.split.maxsize";
        spark.sparkContext().hadoopConfiguration().set(setting, "1000");
        try {
            for (Row row : read(csv("large.csv", false, "id INT, x STRING"))) {
                assertThat(row.<Long>getAs("_line")).isEqualTo(row.getInt(0) + 1);
            }
        } finally {
            spark.sparkContext().hadoopConfiguration().unset(setting);
        }
    }

    @Test
    void compressedFilesAndOtherEncodingsAreRead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write("id::name\n1::Zoë\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        Files.write(folder.resolve("a,b.csv.gz"), bytes.toByteArray());
        TableSource source = new TableSourceBuilder(Located.of(place("a,b.csv.gz")), "csv")
                .delimiter(Optional.of("::"))
                .header(true)
                .encoding(Located.of("ISO-8859-1"))
                .build();
        assertThat(read(source).get(0).getString(1)).isEqualTo("Zoë");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            textBlock =
                    """
                    1,2; wrong number of columns; has 2 columns instead of 6
                    1,2,3.5,a,"2024-01-01,true; wrong quotes; require multi_line = true
                    x,2,3.5,a,2024-01-01,true; wrong type; column i is not an integer: 'x'
                    3000000000,2,3.5,a,2024-01-01,true; wrong type; column i is not of type int: '3000000000'
                    1.0,2,3.5,a,2024-01-01,true; wrong type; column i is not an integer: '1.0'
                    1,99999999999999999999,3.5,a,2024-01-01,true; wrong type; column l is not an integer
                    1,2,3.5d,a,2024-01-01,true; wrong type; column d is not a number: '3.5d'
                    1,2,NaN,a,2024-01-01,true; not finite; column d is not finite: 'NaN'
                    1,2,-Infinity,a,2024-01-01,true; not finite; column d is not finite
                    1,2,1e999,a,2024-01-01,true; not finite; column d is not finite
                    1,2,3.5, ,2024-01-01,true; missing value; column s is empty
                    1,2,3.5,a,yesterday,true; wrong type; column t is not of type date: 'yesterday'
                    1,2,3.5,a,2024-01-01,perhaps; wrong type; column b is not of type boolean: 'perhaps'
                    """)
    void whatIsWrongWithALineIsTold(String line, String reason, String detail) throws IOException {
        write("a.csv", "1,2,-1.5e2,a,,\n" + line + "\n");
        List<Row> rows = read(csv("a.csv", false, "i INT, l BIGINT, d DOUBLE, s STRING NOT NULL, t DATE, b BOOLEAN"));
        assertThat(rows.get(0).isNullAt(rows.get(0).fieldIndex("_problem"))).isTrue();
        assertThat(rows.get(0).getDouble(2)).isEqualTo(-150);
        Row problem = rows.get(1).getAs("_problem");
        assertThat(problem.getString(0)).isEqualTo(reason);
        assertThat(problem.getString(1)).contains(detail);
    }

    @Test
    void bytesThatAreNotOfTheEncodingAreABadLine() throws IOException {
        Files.write(folder.resolve("a.csv"), "1,Zoë\n".getBytes(StandardCharsets.ISO_8859_1));
        Row row = read(csv("a.csv", false, "id INT, name STRING")).get(0);
        assertThat(row.<Row>getAs("_problem").getString(0)).isEqualTo("wrong encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "json", "orc"})
    void rowsOfOtherFormatsAreNumberedByFileHoweverSparkReadsThem(String format) {
        // The second file is the larger one, which Spark reads first.
        spark.range(0, 3, 1, 1).write().format(format).save(place("in/a"));
        spark.range(3, 5000, 1, 1).write().format(format).save(place("in/b"));
        TableSource source = other(format, "in/*", "id INT NOT NULL");
        for (Row row : read(source)) {
            int id = row.getInt(0);
            assertThat(row.<Long>getAs("_row")).isEqualTo(id);
            assertThat(row.<Long>getAs("_line")).isEqualTo(id < 3 ? id + 1 : id - 2);
            assertThat(row.<String>getAs("_file")).contains(id < 3 ? "in/a/part" : "in/b/part");
        }
    }

    @Test
    void parquetMayBeNestedAndPartitionedAndHaveFilesWithoutRows() throws IOException {
        Dataset<Row> ten =
                spark.sql("SELECT id, id % 2 AS half, struct(id AS a, array(id, id) AS b) AS deep FROM range(10)");
        ten.write().partitionBy("half").parquet(place("of two halves"));
        Files.createFile(folder.resolve("of two halves/half=1/part-zzz.parquet"));
        ten.drop("half").where("false").write().mode("append").parquet(place("of two halves/half=0"));
        List<Row> rows = read(other("parquet", "of two halves", null));
        assertThat(rows)
                .extracting(row -> row.<Long>getAs("id"))
                .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(rows.get(3).<Row>getAs("deep").<Long>getAs("a"))
                .isEqualTo(rows.get(3).<Long>getAs("id"));
    }

    @Test
    void badRowsOfOtherFormatsAreToldToo() throws IOException {
        write("a.json", "{\"id\": 1, \"x\": 1.5}\n\n{\"id\": 2, \"x\"\n{\"id\": \"three\", \"x\": 1}\n{\"x\": 2}\n");
        List<Row> rows = read(other("json", "a.json", "id INT NOT NULL, x DOUBLE"));
        assertThat(rows).hasSize(4);
        assertThat(rows.get(0).getInt(0)).isEqualTo(1);
        assertThat(rows.subList(1, 4))
                .extracting(row -> row.<Row>getAs("_problem").getString(0))
                .containsExactly("wrong format", "wrong type", "missing value");
        spark.sql("SELECT 1 AS id, double('NaN') AS x").write().parquet(place("nan"));
        assertThat(read(other("parquet", "nan", null))
                        .get(0)
                        .<Row>getAs("_problem")
                        .getString(0))
                .isEqualTo("not finite");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOUBLE", "FLOAT", "DECIMAL(12, 1)"})
    void aFractionIsNotCutWhereAnIntegerIsSaid(String type) {
        spark.sql("SELECT CAST(rating AS " + type + ") AS rating FROM VALUES (3.0), (3.5), (3e9), (-2.0) AS t(rating)")
                .coalesce(1)
                .write()
                .parquet(place("p"));
        List<Row> rows = read(other("parquet", "p", "rating INT"));
        assertThat(rows)
                .extracting(row -> row.isNullAt(row.fieldIndex("_problem")))
                .containsExactly(true, false, false, true);
        assertThat(rows.get(0).getInt(0)).isEqualTo(3);
        assertThat(rows.get(3).getInt(0)).isEqualTo(-2);
        Row problem = rows.get(1).getAs("_problem");
        assertThat(problem.getString(0)).isEqualTo("wrong type");
        assertThat(problem.getString(1)).isEqualTo("column rating is not of type int: '3.5'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    user_index,x; ; 'user_index' is a reserved name
                    Line,x; ; 'Line' is a reserved name
                    _id,x; ; names that begin with _
                    a,A; ; two columns have the name 'A'
                    a,b; b STRING, a STRING; column b is number 1 of columns, but number 2 of the header
                    a,b; a STRING; columns has 1 names, but the header has 2: a, b
                    a,b; a STRING, b ARRAY<INT>; delimited text cannot hold array<int>
                    a,b; a TEXT, b INT; columns: cannot be parsed
                    """)
    void columnsThatCannotBeUsedAreRefused(String header, String columns, String message) throws IOException {
        write("a.csv", header + "\n1,2\n");
        assertThatThrownBy(() -> read(csv("a.csv", true, columns)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aColumnThatAnotherFormatDoesNotHaveIsRefused() {
        spark.range(3).write().parquet(place("p"));
        assertThatThrownBy(() -> read(other("parquet", "p", "name STRING")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there is no column name. Available: id");
        assertThatThrownBy(() -> read(other("parket", "p", null)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("as parket");
    }

    @Test
    void filesWithOtherHeadersAreRefused() throws IOException {
        write("in/a.csv", "a,b\n1,2\n");
        write("in/b.csv", "b,a\n1,2\n");
        assertThatThrownBy(() -> read(csv("in", true, null)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("b.csv:1: the header names the columns b, a");
    }

    @Test
    void anEncodingWhoseLinesDoNotEndInOneByteIsRefused() throws IOException {
        Files.write(folder.resolve("a.csv"), "a\n1\n".getBytes(Charset.forName("UTF-16")));
        TableSource source = new TableSourceBuilder(Located.of(place("a.csv")), "csv")
                .header(true)
                .encoding(Located.of("UTF-16"))
                .build();
        assertThatThrownBy(() -> read(source))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("UTF-8");
    }

    private String place(String name) {
        return folder.resolve(name).toString();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private TableSource csv(String name, boolean header, String columns) {
        return new TableSourceBuilder(Located.of(place(name)), "csv")
                .header(header)
                .columns(Optional.ofNullable(columns).map(Located::of))
                .build();
    }

    private TableSource other(String format, String name, String columns) {
        return new TableSourceBuilder(Located.of(place(name)), format)
                .columns(Optional.ofNullable(columns).map(Located::of))
                .build();
    }

    private static List<Row> read(TableSource source) {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        RawRows raw = new TableReader(spark, storage).read(source, List.of());
        List<Row> rows = raw.rows().orderBy(TableReader.ROW).collectAsList();
        assertThat(raw.count()).isEqualTo(rows.size());
        return rows;
    }
}
