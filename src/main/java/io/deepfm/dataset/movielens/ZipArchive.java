package io.deepfm.dataset.movielens;

import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.hadoop.fs.Path;

/** Unpacks a zip file whose content is not trusted. */
final class ZipArchive {

    private static final int MOST_ENTRIES = 1000;
    private static final long MOST_BYTES = 1L << 30;
    private static final long MOST_RATIO = 200;

    private ZipArchive() {}

    /**
     * Unpacks the files of the archive's one top folder.
     *
     * @param archive a zip file on the local disk
     * @param folder where the files will be, without the top folder
     * @param storage the file systems
     * @throws IOException if the archive is broken, or an entry would leave the folder, is a link, or is out of measure
     */
    static void unpack(java.nio.file.Path archive, Path folder, Storage storage) throws IOException {
        unpack(archive, folder, storage, MOST_BYTES);
    }

    /** Unpacks no more than so many bytes altogether. */
    static void unpack(java.nio.file.Path archive, Path folder, Storage storage, long mostBytes) throws IOException {
        try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
            List<ZipArchiveEntry> entries = Collections.list(zip.getEntries());
            if (entries.size() > MOST_ENTRIES) {
                throw new IOException("the archive has " + entries.size() + " entries");
            }
            long left = mostBytes;
            Set<String> names = new HashSet<>();
            for (ZipArchiveEntry entry : entries) {
                refuseUnsafe(entry);
                if (!names.add(entry.getName())) {
                    throw new IOException("the archive has two entries '" + entry.getName() + "'");
                }
                if (!entry.isDirectory()) {
                    left -= extract(zip, entry, new Path(folder, fileName(entry)), storage, left);
                }
            }
        }
    }

    private static void refuseUnsafe(ZipArchiveEntry entry) throws IOException {
        String name = entry.getName();
        boolean leaves = name.startsWith("/") || name.contains("\\") || name.contains(":") || name.contains("..");
        if (leaves || entry.isUnixSymlink()) {
            throw new IOException("the archive's entry '" + name + "' is a link or points outside the folder");
        }
    }

    /** The name without the top folder; there are no folders below it. */
    private static String fileName(ZipArchiveEntry entry) throws IOException {
        String[] parts = entry.getName().split("/");
        if (parts.length != 2) {
            throw new IOException(
                    "the archive's entry '" + entry.getName() + "' is not in the single top-level folder");
        }
        return parts[1];
    }

    private static long extract(ZipFile zip, ZipArchiveEntry entry, Path file, Storage storage, long left)
            throws IOException {
        long most = Math.min(left, Math.max(1 << 20, entry.getCompressedSize() * MOST_RATIO));
        long copied = 0;
        try (InputStream in = zip.getInputStream(entry);
                OutputStream out = storage.create(file)) {
            byte[] buffer = new byte[1 << 16];
            int count;
            while ((count = in.read(buffer)) >= 0) {
                copied += count;
                if (copied > most) {
                    throw new IOException("the archive's entry '" + entry.getName() + "' is too large when unpacked");
                }
                out.write(buffer, 0, count);
            }
        }
        return copied;
    }
}
