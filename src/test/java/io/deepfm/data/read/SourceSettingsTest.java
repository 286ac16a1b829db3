package io.deepfm.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import io.deepfm.dataset.TableSource;
import io.deepfm.dataset.TableSourceBuilder;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a source says of missing values and of the rows it wants. */
class SourceSettingsTest {

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
    void nullValuesAreMissingInEachColumnOfText() throws IOException {
        String text = "1,NA,NA,2024-01-01\n2, NULL ,\"NA\",NULL\n3,1.5,NAN,2024-01-02\n";
        String columns = "id INT, x DOUBLE, s STRING, t DATE";
        List<Row> rows = read(source("csv", text, columns, List.of("NA", "NULL"), null));
        assertThat(rows).extracting(row -> row.get(1)).containsExactly(null, null, 1.5);
        assertThat(rows).extracting(row -> row.get(2)).containsExactly(null, null, "NAN");
        assertThat(rows.get(1).isNullAt(3)).isTrue();
        assertThat(problems(rows)).containsExactly("", "", "");
    }

    @Test
    void aNullValueIsNoValueOfAColumnThatNeedsOne() throws IOException {
        List<Row> rows = read(source("csv", "NA,1\n2,1\n", "id STRING NOT NULL, x INT", List.of("NA"), null));
        assertThat(problems(rows)).containsExactly("missing value: column id is NA", "");
    }

    @Test
    void nullValuesAreMissingInTheTextsOfOtherFormats() throws IOException {
        String text = "{\"id\": 1, \"x\": \"NA\"}\n{\"id\": 2, \"x\": 1.5}\n";
        List<Row> rows = read(source("json", text, "id INT, x DOUBLE", List.of("NA"), null));
        assertThat(rows).extracting(row -> row.get(1)).containsExactly(null, 1.5);
        assertThat(problems(rows)).containsExactly("", "");
    }

    /** A row that lacks a required value is bad only where the condition wants it; one that is no row is bad all the same. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    csv ; 1,5|,5|3,-1|,-1|x,5|6
                    json; {"id": 1, "n": 5}|{"n": 5}|{"id": 3, "n": -1}|{"n": -1}|{"id": "x", "n": 5}|{"id"
                    """)
    void whatTheConditionLeavesOutIsNotBad(String format, String lines) throws IOException {
        TableSource source = source(format, lines.replace("|", "\n"), "id INT NOT NULL, n INT", List.of(), "n > 0");
        List<Row> rows = read(source);
        assertThat(rows)
                .extracting(row -> row.isNullAt(row.fieldIndex("_problem"))
                        ? "good"
                        : row.<Row>getAs("_problem").getString(0))
                .containsExactly(
                        "good",
                        "missing value",
                        "where",
                        "where",
                        "wrong type",
                        format.equals("csv") ? "wrong number of columns" : "wrong format");
        Extremes found = reader().extremes(source, List.of(), List.of(Extremes.Value.of(functions.col("n"))));
        assertThat(found.rows()).isEqualTo(6);
        assertThat(found.leftOut()).isEqualTo(2);
        assertThat(found.goodRows()).isEqualTo(1);
        assertThat(found.least()).containsExactly("5");
    }

    @Test
    void aConditionThatIsUnknownLeavesOutAndKeysMayBeOptional() throws IOException {
        List<Row> rows = read(source("csv", "1,5\n,5\n3,\n", "id INT, n INT", List.of(), "id IS NOT NULL AND n > 0"));
        assertThat(problems(rows)).containsExactly("", "where: ", "where: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    n >         ; my.conf:7: where: cannot compute n >
                    m > 0       ; my.conf:7: where: cannot compute m > 0.
                    m > 0       ; Columns of
                    n           ; my.conf:7: where: n gives int, but a condition must be true or false
                    rand() < n  ; my.conf:7: where: rand() < n must give the same for a row each time
                    sum(n) > 1  ; my.conf:7: where: sum(n) > 1 must give the same for a row each time, from its own columns
                    """)
    void aConditionThatDoesNotFitIsRefusedWithItsPlace(String where, String message) throws IOException {
        TableSource source = source("csv", "1,5\n", "id INT, n INT", List.of(), where);
        assertThatThrownBy(() -> reader().schema(source))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private TableSource source(String format, String text, String columns, List<String> nullValues, String where)
            throws IOException {
        Path file = Files.writeString(folder.resolve("rows." + format), text);
        return new TableSourceBuilder(Located.of(file.toString()), format)
                .columns(Optional.of(Located.of(columns)))
                .nullValues(nullValues)
                .where(Optional.ofNullable(where).map(condition -> new Located(condition, "my.conf:7")))
                .build();
    }

    private static TableReader reader() {
        return new TableReader(spark, new Storage(spark.sparkContext().hadoopConfiguration()));
    }

    private static List<Row> read(TableSource source) {
        return reader().read(source, List.of()).rows().orderBy(TableReader.ROW).collectAsList();
    }

    private static List<String> problems(List<Row> rows) {
        return rows.stream()
                .map(row -> row.<Row>getAs("_problem"))
                .map(problem -> problem == null ? "" : problem.getString(0) + ": " + problem.getString(1))
                .toList();
    }
}
