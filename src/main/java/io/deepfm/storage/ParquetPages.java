package io.deepfm.storage;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * Opens Parquet files of which nobody knows whether they are whole. What Parquet's reader believes a damaged file: that a
 * page holds more than it does, for which it waits without end, or that a column is larger than the file, for which it
 * takes memory, is refused here. A page with a checksum is compared with it.
 */
public final class ParquetPages {

    private ParquetPages() {}

    /**
     * Opens a file.
     *
     * @param configuration Hadoop's settings
     * @param file a Parquet file
     * @return its reader
     * @throws DataException if the footer tells of pages outside the file
     */
    static ParquetFileReader open(Configuration configuration, Path file) throws IOException {
        HadoopInputFile input = HadoopInputFile.fromPath(file, configuration);
        ParquetFileReader reader = ParquetFileReader.open(
                input,
                HadoopReadOptions.builder(configuration, file)
                        .usePageChecksumVerification()
                        .withCodecFactory(new WholePageCodecs(configuration))
                        .build());
        try {
            for (BlockMetaData group : reader.getRowGroups()) {
                requireWithin(group, input.getLength());
            }
            return reader;
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /**
     * Reads all pages, without decoding their values.
     *
     * @param configuration Hadoop's settings
     * @param file a Parquet file
     * @return what is wrong with it, as far as can be told; nothing where that is nothing
     */
    public static Optional<String> damage(Configuration configuration, Path file) {
        try (ParquetFileReader reader = open(configuration, file)) {
            PageReadStore pages;
            while ((pages = reader.readNextRowGroup()) != null) {
                for (ColumnDescriptor column :
                        reader.getFooter().getFileMetaData().getSchema().getColumns()) {
                    PageReader each = pages.getPageReader(column);
                    each.readDictionaryPage();
                    long rows = each.getTotalValueCount();
                    if (column.getMaxRepetitionLevel() == 0 && rows != pages.getRowCount()) {
                        throw new DataException("column " + String.join(".", column.getPath()) + " has " + rows
                                + " values in a row group of " + pages.getRowCount() + " rows");
                    }
                    while (each.readPage() != null) {}
                }
            }
            return Optional.empty();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            return Optional.of(damage(file, e));
        }
    }

    /** What an error while reading a file tells of it. */
    static String damage(Path file, Throwable e) {
        String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return "Cannot read the Parquet file " + file + ": "
                + (e instanceof OutOfMemoryError
                        ? "it asks for more memory than there is, as damaged ones may (" + why + ")"
                        : why)
                + ".";
    }

    private static void requireWithin(BlockMetaData group, long length) {
        for (ColumnChunkMetaData column : group.getColumns()) {
            long start = column.getStartingPos();
            long size = column.getTotalSize();
            if (start < 0 || size < 0 || start > length - size) {
                throw new DataException("column " + column.getPath().toDotString() + " would take " + size
                        + " bytes from " + start + " on in a file of " + length);
            }
        }
    }
}
