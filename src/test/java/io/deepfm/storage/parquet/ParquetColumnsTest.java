package io.deepfm.storage.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetColumnsTest {

    // As Spark writes columns that cannot be null (row), that can be (label, price), and arrays.
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType(
            """
            message spark_schema {
              required int32 row;
              optional int32 label;
              optional float price;
              optional double ratio;
              optional binary title (STRING);
              optional group tags (LIST) { repeated group list { required int32 element; } }
              required group weights (LIST) { repeated group list { optional float element; } }
            }""");

    @TempDir
    private java.nio.file.Path folder;

    private final Storage storage = new Storage(new Configuration());
    private Path file;

    @BeforeEach
    void file() {
        file = new Path(folder.resolve("part-0.parquet").toString());
    }

    @Test
    void readsWholeAndFloatingPointNumbers() throws IOException {
        write(3, i -> row(i).append("label", i % 2).append("price", 0.5f * i));
        ParquetColumns columns = read("row", "label", "price");
        assertThat(columns.rows()).isEqualTo(3);
        assertThat(columns.ints("row")).containsExactly(0, 1, 2);
        assertThat(columns.ints("label")).containsExactly(0, 1, 0);
        assertThat(columns.floats("price")).containsExactly(0f, 0.5f, 1f);
        assertThat(columns.offsets("row")).as("no list").isNull();
    }

    @Test
    void readsListsOfAnyLengthAlsoOfNone() throws IOException {
        int[][] tags = {{7}, {}, {1, 2, 3}, {}, {4, 5}};
        write(5, i -> with(row(i), tags[i]));
        ParquetColumns columns = read("tags", "weights");
        assertThat(columns.ints("tags")).containsExactly(7, 1, 2, 3, 4, 5);
        assertThat(columns.offsets("tags")).containsExactly(0, 1, 1, 4, 4, 6);
        assertThat(columns.floats("weights")).containsExactly(0.5f, 1f, 1.5f, 2f, 2.5f, 3f, 3.5f, 4f, 4.5f, 5f);
        assertThat(columns.offsets("weights")).containsExactly(0, 0, 1, 3, 6, 10);
    }

    @Test
    void listsThatAreAllEmptyHaveNoValues() throws IOException {
        write(2, i -> with(row(i)));
        ParquetColumns columns = read("tags");
        assertThat(columns.ints("tags")).isEmpty();
        assertThat(columns.offsets("tags")).containsExactly(0, 0, 0);
    }

    @Test
    void aListThatIsNullReadsAsAnEmptyOne() throws IOException {
        write(2, this::row);
        assertThat(read("tags").offsets("tags")).containsExactly(0, 0, 0);
    }

    @Test
    void rowGroupsFollowEachOther() throws IOException {
        int rows = 20_000;
        write(rows, i -> with(row(i).append("price", (float) -i), i, i + 1));
        assertThat(rowGroups()).as("the file tests what it should").isGreaterThan(2);
        ParquetColumns columns = read("row", "price", "tags");
        assertThat(columns.rows()).isEqualTo(rows);
        for (int i = 0; i < rows; i++) {
            assertThat(columns.ints("row")[i]).isEqualTo(i);
            assertThat(columns.floats("price")[i]).isEqualTo(-i);
            assertThat(columns.offsets("tags")[i]).isEqualTo(2 * i);
            assertThat(columns.ints("tags")[2 * i + 1]).isEqualTo(i + 1);
        }
        assertThat(columns.offsets("tags")).hasSize(rows + 1).endsWith(2 * rows);
    }

    @Test
    void aFileWithoutRowsHasEmptyColumns() throws IOException {
        write(0, this::row);
        ParquetColumns columns = read("row", "price", "tags");
        assertThat(columns.rows()).isZero();
        assertThat(columns.ints("row")).isEmpty();
        assertThat(columns.floats("price")).isEmpty();
        assertThat(columns.ints("tags")).isEmpty();
        assertThat(columns.offsets("tags")).containsExactly(0);
    }

    @Test
    void theFooterTellsTheNumberOfRows() throws IOException {
        write(17, this::row);
        assertThat(ParquetColumns.countRows(storage, file)).isEqualTo(17);
    }

    @Test
    void aMissingColumnIsRefusedWithTheColumnsThatAreThere() throws IOException {
        write(1, this::row);
        refused("part-0.parquet", "rank", "row, label, price", "--force").when("row", "rank");
    }

    @Test
    void aMissingValueIsRefusedWithItsColumnAndRow() throws IOException {
        write(3, i -> i == 2 ? row(i) : row(i).append("price", 1f));
        refused("part-0.parquet", "price", "row 2").when("price");
    }

    @Test
    void aMissingElementIsRefusedWithItsColumn() throws IOException {
        write(1, i -> {
            Group row = new SimpleGroup(SCHEMA);
            row.add("row", i);
            row.addGroup("weights").addGroup("list");
            return row;
        });
        refused("part-0.parquet", "weights").when("weights");
    }

    @ParameterizedTest
    @ValueSource(strings = {"title", "ratio"})
    void aColumnOfAnotherTypeIsRefused(String name) throws IOException {
        write(1, i -> row(i).append("title", "x").append("ratio", 0.1));
        refused("part-0.parquet", name, "int", "float").when(name);
    }

    @Test
    void wholeNumbersAreNoFloatingPointNumbers() throws IOException {
        write(1, i -> row(i).append("price", 1f));
        ParquetColumns columns = read("row", "price");
        assertThatThrownBy(() -> columns.floats("row"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("part-0.parquet", "row");
        assertThatThrownBy(() -> columns.ints("price"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("part-0.parquet", "price");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 100, -1, -100})
    void aTruncatedFileIsRefused(int length) throws IOException {
        write(1000, i -> with(row(i), i));
        java.nio.file.Path local = folder.resolve("part-0.parquet");
        byte[] bytes = Files.readAllBytes(local);
        Files.write(local, Arrays.copyOf(bytes, length < 0 ? bytes.length + length : length));
        refused("part-0.parquet").when("row");
    }

    @Test
    void valuesThatAreDamagedAreRefused() throws IOException {
        write(1000, i -> with(row(i), i));
        java.nio.file.Path local = folder.resolve("part-0.parquet");
        byte[] bytes = Files.readAllBytes(local);
        // Behind the magic number stand the first column's pages, each with a header.
        Arrays.fill(bytes, 4, 200, (byte) 0x5A);
        Files.write(local, bytes);
        refused("part-0.parquet").when("row");
    }

    @Test
    void aFileThatIsNoParquetFileIsRefused() throws IOException {
        Files.writeString(folder.resolve("part-0.parquet"), "1\t2\t3\n".repeat(100));
        refused("part-0.parquet").when("row");
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        refused("part-0.parquet").when("row");
    }

    private ParquetColumns read(String... names) {
        return ParquetColumns.read(storage, file, List.of(names));
    }

    private interface Refusal {
        void when(String... names);
    }

    private Refusal refused(String... fragments) {
        return names -> assertThatThrownBy(() -> read(names))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(fragments);
    }

    private void write(int rows, IntFunction<Group> row) throws IOException {
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(file)
                .withType(SCHEMA)
                .withRowGroupSize(20_000L)
                .withMinRowCountForPageSizeCheck(10)
                .withPageSize(2_000)
                .build()) {
            for (int i = 0; i < rows; i++) {
                writer.write(row.apply(i));
            }
        }
    }

    private int rowGroups() throws IOException {
        try (ParquetFileReader reader =
                ParquetFileReader.open(HadoopInputFile.fromPath(file, storage.configuration()))) {
            return reader.getRowGroups().size();
        }
    }

    /** Row i has i weights, at most four: 0.5, 1, ... counted through all rows. */
    private Group row(int i) {
        Group row = new SimpleGroup(SCHEMA).append("row", i);
        Group weights = row.addGroup("weights");
        for (int j = 0; j < Math.min(4, i); j++) {
            weights.addGroup("list").append("element", 0.5f * (i * (i - 1) / 2 + j + 1));
        }
        return row;
    }

    private static Group with(Group row, int... tags) {
        Group list = row.addGroup("tags");
        for (int tag : tags) {
            list.addGroup("list").append("element", tag);
        }
        return row;
    }
}
