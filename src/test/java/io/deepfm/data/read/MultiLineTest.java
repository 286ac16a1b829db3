package io.deepfm.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.Located;
import io.deepfm.dataset.TableSource;
import io.deepfm.dataset.TableSourceBuilder;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quoted values that span lines. */
class MultiLineTest {

    /** A header of two lines, a value of three, a blank line, a bad number on line 8 and no end of the last line. */
    private static final String LINES =
            """
            id,"note
            of it"
            1,"a ""b"",

            c"

            2,d
            x,e
            3,"f
            g\"""";

    private static SparkSession spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 2)
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "false,true", "true,true"})
    void theyAreReadWithTheLinesThatTheyBeginOn(boolean hasCarriageReturns, boolean isCompressed) throws IOException {
        Path file = folder.resolve(isCompressed ? "a.csv.gz" : "a.csv");
        String text = hasCarriageReturns ? LINES.replace("\n", "\r\n") : LINES;
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream all = isCompressed ? new GZIPOutputStream(out) : out) {
            all.write(text.getBytes(StandardCharsets.UTF_8));
        }
        List<Row> rows = read(source(file, true, "id INT, note STRING"));
        assertThat(rows).extracting(row -> row.<Long>getAs("_line")).containsExactly(3L, 7L, 8L, 9L);
        assertThat(rows).extracting(row -> row.<Long>getAs("_row")).containsExactly(2L, 6L, 7L, 8L);
        assertThat(rows).extracting(row -> row.getString(1)).containsExactly("a \"b\",\n\nc", "d", null, "f\ng");
        assertThat(rows.get(2).<Row>getAs("_problem").getString(1)).isEqualTo("column id is not an integer: 'x'");
    }

    @Test
    void namesOfAHeaderMaySpanLinesToo() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), LINES);
        assertThat(read(source(file, true, null)).get(0).schema().fieldNames()).startsWith("id", "note\nof it");
    }

    @Test
    void aStrayQuoteIsABadLine() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "1,a\n2,\"b\n3,c\n4,d\n");
        List<Row> rows = read(source(file, false, "id INT, note STRING"));
        assertThat(rows).extracting(row -> row.<Row>getAs("_problem") == null).containsExactly(true, false, true, true);
        assertThat(rows.get(1).<Row>getAs("_problem").getString(1)).contains("nor within 1000 lines: '2,\"b'");
    }

    @Test
    void filesOfManyBlocksAreReadWhole() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            text.append(2 * i + 1).append(",\"two\nlines\"\n");
        }
        Path file = Files.writeString(folder.resolve("large.csv"), text);
        String setting = "mapreduce.input.fileinputformat.split.maxsize";
        spark.sparkContext().hadoopConfiguration().set(setting, "1000");
        try {
            List<Row> rows = read(source(file, false, "id INT, note STRING"));
            assertThat(rows).hasSize(500);
            assertThat(rows)
                    .allSatisfy(row -> assertThat(row.<Long>getAs("_line")).isEqualTo(row.getInt(0)));
        } finally {
            spark.sparkContext().hadoopConfiguration().unset(setting);
        }
    }

    @Test
    void withoutAQuoteNothingCanSpanLines() {
        assertThatThrownBy(() -> source(folder.resolve("a.tsv"), "tsv", true, null))
                // The configuration's reader adds the place and the key.
                .hasMessage("requires format csv or tsv and a quote");
    }

    private static TableSource source(Path file, boolean header, String columns) {
        return source(file, "csv", header, columns);
    }

    private static TableSource source(Path file, String format, boolean header, String columns) {
        return new TableSourceBuilder(Located.of(file.toString()), format)
                .header(header)
                .multiLine(true)
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
