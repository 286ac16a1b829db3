package io.deepfm.storage.parquet;

import io.deepfm.advice.FrontEnd;
import io.deepfm.storage.DataException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.Page;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The pages of Parquet files of which nobody knows whether they are whole. What Parquet's reader believes a damaged file:
 * that a page holds more than it does, for which it waits without end, or that a column or page is larger than the file has
 * room for, for which it takes memory, is refused here. A page with a checksum is compared with it.
 */
public final class ParquetPages {

    /** Writers differ in what they count as a column's size, so that of smaller pages is not compared with it. */
    private static final int LARGE_PAGE_BYTES = 1 << 26;

    private ParquetPages() {}

    /** Opens a file. */
    static ParquetFileReader open(Configuration configuration, Path file) throws IOException {
        return open(configuration, HadoopInputFile.fromPath(file, configuration));
    }

    private static ParquetFileReader open(Configuration configuration, HadoopInputFile file) throws IOException {
        return ParquetFileReader.open(
                file,
                HadoopReadOptions.builder(configuration, file.getPath())
                        .usePageChecksumVerification()
                        .withCodecFactory(new WholePageCodecs(configuration))
                        .build());
    }

    /**
     * What the writer noted in a file's footer.
     *
     * @param configuration Hadoop's settings
     * @param file a Parquet file
     * @param key of the note
     * @return the note, or nothing where there is none
     * @throws DataException if the footer cannot be read
     */
    static Optional<String> note(Configuration configuration, Path file, String key) {
        try (ParquetFileReader reader = open(configuration, file)) {
            return Optional.ofNullable(
                    reader.getFooter().getFileMetaData().getKeyValueMetaData().get(key));
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e, FrontEnd::replace);
        }
    }

    /**
     * The row groups of a file, of which its footer tells.
     *
     * @param configuration Hadoop's settings
     * @param file a Parquet file
     * @return how many there are; a file of no bytes, which Spark does not read, has none
     * @throws DataException if the footer cannot be read
     */
    public static int countRowGroups(Configuration configuration, Path file) {
        try {
            HadoopInputFile input = HadoopInputFile.fromPath(file, configuration);
            if (input.getLength() == 0) {
                return 0;
            }
            try (ParquetFileReader reader = open(configuration, input)) {
                return reader.getRowGroups().size();
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw unreadable(file, e, frontEnd -> "If it is damaged, replace it.");
        }
    }

    /**
     * Reads and decompresses the pages of some columns, one column at a time, without decoding their values.
     *
     * @param configuration Hadoop's settings
     * @param file a Parquet file
     * @param group which of its row groups
     * @param names the columns, in whatever case; a file need not have all of them
     * @return the number of rows of the group
     * @throws DataException if a page cannot be read or is not what its header, its checksum or the footer say
     */
    public static long verify(Configuration configuration, Path file, int group, List<String> names) {
        try {
            HadoopInputFile input = HadoopInputFile.fromPath(file, configuration);
            try (ParquetFileReader reader = open(configuration, input)) {
                BlockMetaData chunks = reader.getRowGroups().get(group);
                MessageType schema = reader.getFooter().getFileMetaData().getSchema();
                // Some writers leave groups without rows, which this reader refuses to read.
                for (Type field : chunks.getRowCount() == 0 ? List.<Type>of() : schema.getFields()) {
                    if (names.stream().anyMatch(field.getName()::equalsIgnoreCase)) {
                        verify(reader, group, new MessageType(schema.getName(), field), input.getLength());
                    }
                }
                return chunks.getRowCount();
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw unreadable(file, e, frontEnd -> "If it is damaged, replace it.");
        }
    }

    private static void verify(ParquetFileReader reader, int group, MessageType columns, long fileBytes)
            throws IOException {
        Map<String, ColumnChunkMetaData> chunks = new HashMap<>();
        for (ColumnChunkMetaData chunk : reader.getRowGroups().get(group).getColumns()) {
            // Of an encrypted column that is not asked for nothing but its path can be seen.
            if (columns.containsPath(chunk.getPath().toArray())) {
                requireWithin(chunk, fileBytes);
                chunks.put(chunk.getPath().toDotString(), chunk);
            }
        }
        reader.setRequestedSchema(columns);
        PageReadStore pages = reader.readRowGroup(group);
        for (ColumnDescriptor column : columns.getColumns()) {
            String name = String.join(".", column.getPath());
            verify(pages, column, name, chunks.get(name).getTotalUncompressedSize());
        }
    }

    private static void verify(PageReadStore pages, ColumnDescriptor column, String name, long size)
            throws IOException {
        PageReader reader = pages.getPageReader(column);
        long values = reader.getTotalValueCount();
        if (column.getMaxRepetitionLevel() == 0 && values != pages.getRowCount()) {
            throw new DataException(
                    "column " + name + " has " + values + " values in a row group of " + pages.getRowCount() + " rows");
        }
        DictionaryPage dictionary = reader.readDictionaryPage();
        if (dictionary != null) {
            decompress(dictionary, dictionary.getBytes(), size);
        }
        DataPage page;
        while ((page = reader.readPage()) != null) {
            decompress(page, bytes(page), size);
        }
    }

    private static BytesInput bytes(DataPage page) {
        return page.accept(new DataPage.Visitor<>() {
            @Override
            public BytesInput visit(DataPageV1 v1) {
                return v1.getBytes();
            }

            @Override
            public BytesInput visit(DataPageV2 v2) {
                return v2.getData();
            }
        });
    }

    /** Until somebody asks for the bytes, nothing is decompressed. */
    private static void decompress(Page page, BytesInput bytes, long columnSize) throws IOException {
        if (page.getUncompressedSize() > Math.max(columnSize, LARGE_PAGE_BYTES)) {
            throw new DataException("a page of " + page.getUncompressedSize() + " bytes in a column of " + columnSize);
        }
        bytes.writeAllTo(OutputStream.nullOutputStream());
    }

    /** The error of a file that cannot be read, with what to do about it. */
    static DataException unreadable(Path file, Throwable e, Function<FrontEnd, String> advice) {
        boolean memory = e instanceof OutOfMemoryError;
        String why = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName())
                .lines()
                .findFirst()
                .orElse("");
        return new DataException(
                frontEnd -> "Cannot read the Parquet file " + file + ": " + why + "."
                        + (memory ? " It is damaged, or the heap is too small for its row groups." : "")
                        + " " + advice.apply(frontEnd),
                // Of the memory all is said.
                memory ? null : e);
    }

    private static void requireWithin(ColumnChunkMetaData column, long fileBytes) {
        long start = column.getStartingPos();
        long size = column.getTotalSize();
        if (start < 0 || size < 0 || start > fileBytes - size) {
            throw new DataException("column " + column.getPath().toDotString() + " would take " + size + " bytes from "
                    + start + " on in a file of " + fileBytes);
        }
    }
}
