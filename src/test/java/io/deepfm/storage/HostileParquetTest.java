package io.deepfm.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.deepfm.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Damaged Parquet files: a clear error, or the values that were written. The damages are always the same, as the format has
 * checksums for its pages alone: one in a header or the footer can, very rarely, read as other rows, which nothing in the
 * file tells; what does are the lengths in a stage's manifest, the rows it counts, and the file system's own checksums.
 */
class HostileParquetTest {

    private static final int ROWS = 60;
    private static final List<String> NAMES = List.of("row", "price", "tags");
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType(
            """
            message spark_schema {
              required int32 row;
              required float price;
              required group tags (LIST) { repeated group list { required int32 element; } }
            }""");
    private static final Storage STORAGE = new Storage(new Configuration());

    private static Path folder;
    private static byte[] valid;

    @BeforeContainer
    static void write() throws IOException {
        folder = Files.createTempDirectory("deepfm-hostile");
        Path file = folder.resolve("part-0.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(hadoop(file))
                .withType(SCHEMA)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .build()) {
            for (int i = 0; i < ROWS; i++) {
                Group row = new SimpleGroup(SCHEMA).append("row", i).append("price", i / 4f);
                row.addGroup("tags").addGroup("list").append("element", i % 7);
                writer.write(row);
            }
        }
        valid = Files.readAllBytes(file);
        Files.deleteIfExists(folder.resolve(".part-0.parquet.crc"));
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.delete(folder.resolve("part-0.parquet"));
        Files.delete(folder);
    }

    @Property(generation = GenerationMode.EXHAUSTIVE)
    void aDamagedFileIsRefusedOrHoldsWhatWasWritten(@ForAll @IntRange(max = 1999) int seed) throws IOException {
        Path file = Files.write(folder.resolve("part-0.parquet"), Mutations.of(valid, new Random(seed)));
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            try {
                ParquetColumns columns = ParquetColumns.read(STORAGE, hadoop(file), NAMES);
                int[] rows = columns.ints("row");
                float[] prices = columns.floats("price");
                int[] tags = columns.ints("tags");
                int[] offsets = columns.offsets("tags");
                assertThat(columns.rows()).isEqualTo(ROWS);
                for (int i = 0; i < ROWS; i++) {
                    assertThat(rows[i]).isEqualTo(i);
                    assertThat(prices[i]).isEqualTo(i / 4f);
                    assertThat(tags[i]).isEqualTo(i % 7);
                    assertThat(offsets[i]).isEqualTo(i);
                }
                assertThat(rows).hasSize(ROWS);
            } catch (DataException e) {
                assertThat(e).hasMessageContaining("part-0.parquet");
            }
        });
    }

    private static org.apache.hadoop.fs.Path hadoop(Path file) {
        return new org.apache.hadoop.fs.Path(file.toUri());
    }
}
