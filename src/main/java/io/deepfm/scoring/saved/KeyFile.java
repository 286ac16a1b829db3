package io.deepfm.scoring.saved;

import io.deepfm.dataset.TableSource;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Files with one key per line, in the place of a table that has its own format. */
final class KeyFile {

    private static final int LONGEST_KEY = 1 << 16;

    private KeyFile() {}

    /**
     * Whether a file holds keys alone, by its first line: one without the table's delimiter, or where the table is not
     * delimited text, one that is neither JSON nor binary.
     *
     * @param storage the file systems
     * @param path any Hadoop path
     * @param own how the table itself is written
     * @return false where nothing tells
     */
    static boolean isOne(Storage storage, String path, TableSource own) {
        List<FileStatus> files = storage.matching(new Path(path));
        if (files.isEmpty() || files.get(0).getPath().getName().matches(".*\\.(gz|bz2|zst|lz4|snappy|deflate)")) {
            return false;
        }
        String line = firstLine(storage, files.get(0).getPath(), own);
        boolean isText = !line.isBlank() && line.chars().noneMatch(c -> c < ' ' && c != '\t');
        return isText
                && (own.isDelimited()
                        ? !line.contains(own.delimiterOrDefault())
                        : !line.stripLeading().startsWith("{") && !line.startsWith("PAR1") && !line.startsWith("ORC"));
    }

    private static String firstLine(Storage storage, Path file, TableSource own) {
        Charset charset = own.isDelimited() ? Charset.forName(own.encoding().text()) : StandardCharsets.UTF_8;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(storage.open(file), charset))) {
            char[] start = new char[LONGEST_KEY];
            int length = Math.max(0, reader.read(start));
            return new String(start, 0, length).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new DataException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
