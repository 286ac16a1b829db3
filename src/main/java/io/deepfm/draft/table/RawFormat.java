package io.deepfm.draft.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.univocity.parsers.csv.CsvFormat;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * How files are written, by the beginning of the first of them.
 *
 * @param name csv, tsv, json, parquet or orc
 * @param delimiter csv and tsv: what stands between two columns
 * @param quoted csv and tsv: whether values stand in quotes
 * @param header csv and tsv: whether the first line names the columns
 * @param multiLine json: whether objects go over several lines, or the file is a list of them
 * @param encoding csv and tsv: the character set
 * @param columns csv and tsv: the number of columns
 */
public record RawFormat(
        String name,
        String delimiter,
        boolean quoted,
        boolean header,
        boolean multiLine,
        Charset encoding,
        int columns) {

    private static final int BEGINNING = 1 << 20;
    private static final int LINES = 1000;
    private static final String COLONS = "::";
    private static final String NUMBER = "[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?";

    /**
     * Finds out how files are written.
     *
     * @param storage the file systems
     * @param path a file, a folder or a pattern
     * @throws DataException if there is no such file, or it is empty or of a kind that cannot be read
     */
    static RawFormat of(Storage storage, String path) {
        List<FileStatus> files = storage.matching(new Path(path));
        if (files.isEmpty()) {
            throw new DataException("There is no file " + path + ".");
        }
        byte[] bytes = files.stream()
                .filter(file -> file.getLen() > 0)
                .findFirst()
                .map(file -> beginning(storage, file.getPath()))
                .orElse(new byte[0]);
        if (new String(bytes, StandardCharsets.ISO_8859_1).isBlank()) {
            throw new DataException(path + " is empty.");
        }
        if (startsWith(bytes, "PAR1")) {
            return binary("parquet");
        }
        if (startsWith(bytes, "ORC")) {
            return binary("orc");
        }
        requireText(bytes, path);
        return ofText(bytes, path);
    }

    private static RawFormat binary(String name) {
        return new RawFormat(name, "", false, false, false, StandardCharsets.UTF_8, 0);
    }

    private static void requireText(byte[] bytes, String path) {
        if (startsWith(bytes, "\u001f\u008b")) {
            throw new DataException(path + " is compressed with gzip, but its name does not end in .gz. Rename it.");
        }
        for (byte one : bytes) {
            if (one == 0) {
                throw new DataException(path + " is a binary file of an unknown kind, or text in UTF-16. Convert it to"
                        + " CSV in UTF-8, JSON lines or Parquet; a ZIP archive has to be unpacked first.");
            }
        }
    }

    private static boolean startsWith(byte[] bytes, String magic) {
        byte[] first = magic.getBytes(StandardCharsets.ISO_8859_1);
        return bytes.length >= first.length && Arrays.equals(Arrays.copyOf(bytes, first.length), first);
    }

    private static byte[] beginning(Storage storage, Path file) {
        CompressionCodec codec = new CompressionCodecFactory(storage.configuration()).getCodec(file);
        try (InputStream raw = storage.open(file);
                InputStream plain = codec == null ? raw : codec.createInputStream(raw)) {
            return plain.readNBytes(BEGINNING);
        } catch (IOException e) {
            throw new DataException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static RawFormat ofText(byte[] bytes, String path) {
        Charset encoding = StandardCharsets.UTF_8;
        String text;
        // The last line may be cut, even within a character.
        int end = bytes.length;
        while (bytes.length == BEGINNING && end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        ByteBuffer whole = ByteBuffer.wrap(bytes, 0, end == 0 ? bytes.length : end);
        try {
            text = encoding.newDecoder().decode(whole.duplicate()).toString();
        } catch (CharacterCodingException e) {
            encoding = StandardCharsets.ISO_8859_1;
            text = encoding.decode(whole).toString();
        }
        List<String> lines = text.replaceFirst("^\ufeff", "")
                .lines()
                .filter(line -> !line.isBlank())
                .limit(LINES)
                .toList();
        String first = lines.get(0).strip();
        if (first.startsWith("[") || first.startsWith("{")) {
            boolean oneLineEach = first.startsWith("{") && isJson(first);
            return new RawFormat("json", "", false, false, !oneLineEach, StandardCharsets.UTF_8, 0);
        }
        return delimited(lines, encoding, path);
    }

    private static boolean isJson(String line) {
        try {
            return new ObjectMapper().readTree(line).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static RawFormat delimited(List<String> lines, Charset encoding, String path) {
        String delimiter = delimiter(lines);
        boolean quoted = lines.stream().anyMatch(line -> line.startsWith("\"") || line.contains(delimiter + "\""));
        List<String[]> rows = rows(lines, delimiter, quoted);
        int columns = rows.get(0).length;
        long others = rows.stream().filter(row -> row.length != columns).count();
        if (others > rows.size() / 2) {
            throw new DataException(path + " is not a table that can be read: most lines have another number of columns"
                    + " than the first, which has " + columns + " between '" + delimiter
                    + "'. Convert it to CSV, JSON lines or Parquet.");
        }
        String name = delimiter.equals(",") || delimiter.equals(";") ? "csv" : "tsv";
        return new RawFormat(name, delimiter, quoted, isHeader(rows), false, encoding, columns);
    }

    private static String delimiter(List<String> lines) {
        // Of one character each, the library knows; a pair of colons would be two columns more.
        if (lines.stream().map(line -> line.split(COLONS, -1).length).allMatch(count -> count > 1)) {
            return COLONS;
        }
        CsvParserSettings settings = new CsvParserSettings();
        settings.setMaxCharsPerColumn(-1);
        settings.setMaxColumns(BEGINNING);
        settings.setDelimiterDetectionEnabled(true, ',', '\t', ';', '|');
        CsvParser parser = new CsvParser(settings);
        parser.parseAll(new StringReader(String.join("\n", lines)));
        return parser.getDetectedFormat().getDelimiterString();
    }

    private static List<String[]> rows(List<String> lines, String delimiter, boolean quoted) {
        CsvFormat format = new CsvFormat();
        format.setDelimiter(delimiter);
        format.setComment('\0');
        if (!quoted) {
            format.setQuote('\0');
        }
        CsvParserSettings settings = new CsvParserSettings();
        settings.setFormat(format);
        settings.setMaxCharsPerColumn(-1);
        settings.setMaxColumns(BEGINNING);
        settings.setNullValue("");
        settings.setEmptyValue("");
        return new CsvParser(settings).parseAll(new StringReader(String.join("\n", lines)));
    }

    /** Names are words that differ from each other and from all values below them. */
    private static boolean isHeader(List<String[]> rows) {
        String[] first = rows.get(0);
        Set<String> names = new HashSet<>();
        for (int column = 0; column < first.length; column++) {
            String name = first[column].strip();
            int at = column;
            boolean isValue = rows.subList(1, rows.size()).stream()
                    .anyMatch(row -> row.length > at && row[at].strip().equals(name));
            if (name.isEmpty() || name.matches(NUMBER) || isValue || !names.add(name)) {
                return false;
            }
        }
        return rows.size() > 1;
    }

    /** Whether it is text with something between the columns. */
    public boolean isDelimited() {
        return name.equals("csv") || name.equals("tsv");
    }
}
