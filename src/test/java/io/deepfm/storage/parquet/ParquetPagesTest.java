package io.deepfm.storage.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.storage.DataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParquetPagesTest {

    private static final MessageType SCHEMA =
            MessageTypeParser.parseMessageType("message spark_schema { required int32 row; required int32 day; }");

    @TempDir
    private java.nio.file.Path folder;

    private final Configuration configuration = new Configuration();

    @ParameterizedTest
    @CsvSource({
        "SNAPPY, true, PARQUET_1_0", "SNAPPY, false, PARQUET_1_0", "SNAPPY, false, PARQUET_2_0",
        "LZ4_RAW, true, PARQUET_1_0", "LZ4_RAW, false, PARQUET_1_0", "LZ4_RAW, false, PARQUET_2_0",
        "GZIP, true, PARQUET_1_0", "GZIP, false, PARQUET_1_0", "GZIP, false, PARQUET_2_0",
        "ZSTD, true, PARQUET_1_0", "ZSTD, false, PARQUET_1_0", "ZSTD, false, PARQUET_2_0"
    })
    void aPageThatPromisesMoreThanItHoldsIsRefused(
            CompressionCodecName codec, boolean dictionary, WriterVersion version) throws IOException {
        Path file = write(codec, dictionary, version);
        ParquetPages.verify(configuration, file, 0, List.of("row", "day"));

        promiseMore(file);
        assertThatThrownBy(() -> ParquetPages.verify(configuration, file, 0, List.of("row")))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("part-0.parquet", "replace it");
        ParquetPages.verify(configuration, file, 0, List.of("day"));
        ParquetPages.verify(configuration, file, 0, List.of("none"));
    }

    private Path write(CompressionCodecName codec, boolean dictionary, WriterVersion version) throws IOException {
        Path file = new Path(folder.resolve("part-0.parquet").toUri());
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(file)
                .withType(SCHEMA)
                .withCompressionCodec(codec)
                .withDictionaryEncoding(dictionary)
                .withWriterVersion(version)
                .build()) {
            for (int i = 0; i < 1000; i++) {
                writer.write(new SimpleGroup(SCHEMA).append("row", i % 50).append("day", i / 100));
            }
        }
        Files.deleteIfExists(folder.resolve(".part-0.parquet.crc"));
        return file;
    }

    /** Adds one to the size that the header of the first column's first page gives. */
    private void promiseMore(Path file) throws IOException {
        java.nio.file.Path local = folder.resolve("part-0.parquet");
        byte[] bytes = Files.readAllBytes(local);
        int start;
        try (ParquetFileReader reader = ParquetPages.open(configuration, file)) {
            start = Math.toIntExact(
                    reader.getRowGroups().get(0).getColumns().get(0).getStartingPos());
        }
        ByteArrayInputStream in = new ByteArrayInputStream(bytes, start, bytes.length - start);
        PageHeader header = Util.readPageHeader(in);
        int end = bytes.length - in.available();
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        Util.writePageHeader(header.setUncompressed_page_size(header.getUncompressed_page_size() + 1), changed);
        assertThat(changed.size()).as("nothing moves").isEqualTo(end - start);
        System.arraycopy(changed.toByteArray(), 0, bytes, start, changed.size());
        Files.write(local, bytes);
    }
}
