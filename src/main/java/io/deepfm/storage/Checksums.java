package io.deepfm.storage;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.Path;

/**
 * The digests of a folder's files, as {@code sha256sum -c} reads them. Numbers that were damaged look like any others, so
 * nothing else would tell. A folder without the file of digests is taken as it is: weights may come from elsewhere.
 */
public final class Checksums {

    /** The file of digests, within the folder. */
    public static final String FILE = "SHA256SUMS";

    private static final String BETWEEN = "  ";

    private Checksums() {}

    /**
     * Notes what the files of a folder and those below it hold.
     *
     * @param storage the file systems
     * @param folder the folder
     */
    public static void write(Storage storage, Path folder) {
        StringBuilder lines = new StringBuilder();
        for (String name : names(storage, folder)) {
            lines.append(storage.sha256(new Path(folder, name)))
                    .append(BETWEEN)
                    .append(name)
                    .append("\n");
        }
        storage.write(new Path(folder, FILE), lines.toString());
    }

    /**
     * Reads a file and compares it with its digest, where there is one.
     *
     * @param storage the file systems
     * @param folder the folder
     * @param name its file
     * @return the file's bytes
     * @throws DataException if there is no such file, or it is not what was written
     */
    public static byte[] read(Storage storage, Path folder, String name) {
        byte[] bytes = storage.readBytes(new Path(folder, name));
        String expected = noted(storage, folder).get(name);
        requireEqual(expected == null ? null : DigestUtils.sha256Hex(bytes), expected, folder, name);
        return bytes;
    }

    /**
     * Compares a file with its digest, where there is one.
     *
     * @param storage the file systems
     * @param folder the folder
     * @param name its file
     * @return its SHA-256 digest
     * @throws DataException if there is no such file, or it is not what was written
     */
    public static String verify(Storage storage, Path folder, String name) {
        String digest = storage.sha256(new Path(folder, name));
        String expected = noted(storage, folder).get(name);
        requireEqual(expected == null ? null : digest, expected, folder, name);
        return digest;
    }

    /**
     * Reads a text file as {@link #read} does.
     *
     * @param storage the file systems
     * @param folder the folder
     * @param name its file
     * @return its text, decoded as UTF-8
     * @throws DataException if there is no such file, or it is not what was written
     */
    public static String readString(Storage storage, Path folder, String name) {
        return new String(read(storage, folder, name), StandardCharsets.UTF_8);
    }

    /**
     * Compares all files with their digests. A table without one of its files, or with one too many, would read as another
     * table, so there must be none below the folder but those that were written.
     *
     * @param storage the file systems
     * @param folder the folder
     * @throws DataException if a file is missing, too many or not what was written
     */
    public static void verify(Storage storage, Path folder) {
        Map<String, String> noted = noted(storage, folder);
        if (noted.isEmpty()) {
            return;
        }
        List<String> found = names(storage, folder);
        noted.forEach((name, expected) -> {
            if (!found.contains(name)) {
                throw new DataException("There is no file " + new Path(folder, name) + ", which " + FILE
                        + " lists. Copy the folder again or train again.");
            }
            requireEqual(storage.sha256(new Path(folder, name)), expected, folder, name);
        });
        for (String name : found) {
            if (name.contains("/") && !noted.containsKey(name)) {
                throw new DataException(
                        new Path(folder, name) + " is not one of the files that " + FILE + " lists. Remove it.");
            }
        }
    }

    private static void requireEqual(String digest, String expected, Path folder, String name) {
        if (!Objects.equals(digest, expected)) {
            throw new DataException(
                    new Path(folder, name) + " is damaged: its SHA-256 digest differs from the one in " + FILE
                            + ". Copy the folder again or train again; if you changed the file yourself, delete "
                            + new Path(folder, FILE) + ".");
        }
    }

    private static List<String> names(Storage storage, Path folder) {
        URI base = storage.qualified(folder).toUri();
        List<String> names = new ArrayList<>();
        storage.files(folder, "")
                .forEach(file ->
                        names.add(base.relativize(file.getPath().toUri()).getPath()));
        names.remove(FILE);
        return names;
    }

    private static Map<String, String> noted(Storage storage, Path folder) {
        Map<String, String> digests = new TreeMap<>();
        Path file = new Path(folder, FILE);
        if (storage.exists(file)) {
            storage.readString(file).lines().forEach(line -> {
                int at = line.indexOf(BETWEEN);
                if (at < 0) {
                    throw new DataException(
                            file + " is damaged: '" + line + "'. Copy the folder again or train again.");
                }
                digests.put(line.substring(at + BETWEEN.length()), line.substring(0, at));
            });
        }
        return digests;
    }
}
