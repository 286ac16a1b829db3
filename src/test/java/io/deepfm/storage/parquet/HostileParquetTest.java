package io.deepfm.storage.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.deepfm.Mutations;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
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
 * Damaged Parquet files. Headers and footers have no checksums, so some of them read as other rows, which nothing in the
 * file tells: a table of a stage is compared with the digest in its manifest first, and a file of which no digest is known
 * is refused or read, but never waited for.
 */
@Tag("proof")
class HostileParquetTest {

    private static final String PART = "table/part-0.parquet";
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
        try (WorkDirectory work = work()) {
            work.run(new TableStage(), false);
        }
        valid = Files.readAllBytes(folder.resolve(PART));
    }

    @AfterContainer
    static void delete() {
        STORAGE.delete(hadoop(folder));
    }

    @Property(tries = 1000)
    void aDamagedTableIsRefusedOrHoldsWhatWasWritten(@ForAll long seed) throws IOException {
        Path file = damaged(seed);
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            // As a later process does, which remembers nothing of the file.
            try (WorkDirectory work = work()) {
                work.require("table", "ingest");
                requireWhatWasWritten(ParquetColumns.read(STORAGE, hadoop(file), NAMES));
            } catch (DataException e) {
                assertThat(e).hasMessageContaining(PART);
            }
        });
    }

    @Property(tries = 1000)
    void aDamagedFileIsRefusedOrReadButNeverWaitedFor(@ForAll long seed) throws IOException {
        Path file = damaged(seed);
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            Configuration configuration = STORAGE.configuration();
            try {
                int groups = ParquetPages.countRowGroups(configuration, hadoop(file));
                for (int group = 0; group < groups; group++) {
                    ParquetPages.verify(configuration, hadoop(file), group, NAMES);
                }
                ParquetColumns.read(STORAGE, hadoop(file), NAMES);
            } catch (DataException e) {
                assertThat(e).hasMessageContaining("part-0.parquet");
            }
        });
    }

    private static Path damaged(long seed) throws IOException {
        return Files.write(folder.resolve(PART), Mutations.of(valid, new Random(seed)));
    }

    private static void requireWhatWasWritten(ParquetColumns columns) {
        assertThat(columns.rows()).isEqualTo(ROWS);
        for (int i = 0; i < ROWS; i++) {
            assertThat(columns.ints("row")[i]).isEqualTo(i);
            assertThat(columns.floats("price")[i]).isEqualTo(i / 4f);
            assertThat(columns.ints("tags")[i]).isEqualTo(i % 7);
            assertThat(columns.offsets("tags")[i]).isEqualTo(i);
        }
    }

    private static WorkDirectory work() {
        return new WorkDirectory(STORAGE, hadoop(folder));
    }

    private static final class TableStage implements Stage {
        @Override
        public String name() {
            return "table";
        }

        @Override
        public List<String> outputs() {
            return List.of("table");
        }

        @Override
        public Map<String, String> inputs() {
            return Map.of();
        }

        @Override
        public Fingerprint settings() {
            return new Fingerprint();
        }

        @Override
        public Map<String, Long> run(org.apache.hadoop.fs.Path target) {
            try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(target, PART))
                    .withType(SCHEMA)
                    .withCompressionCodec(CompressionCodecName.SNAPPY)
                    .build()) {
                for (int i = 0; i < ROWS; i++) {
                    Group row = new SimpleGroup(SCHEMA).append("row", i).append("price", i / 4f);
                    row.addGroup("tags").addGroup("list").append("element", i % 7);
                    writer.write(row);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Map.of("rows", (long) ROWS);
        }
    }

    private static org.apache.hadoop.fs.Path hadoop(Path file) {
        return new org.apache.hadoop.fs.Path(file.toUri());
    }
}
