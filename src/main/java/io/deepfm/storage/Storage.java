package io.deepfm.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Small files and folders on any Hadoop file system. Errors name the path. */
public final class Storage {

    private static final String TEMPORARY = ".tmp-";

    private final Configuration configuration;

    /**
     * @param configuration Hadoop's settings; Spark's own in a Spark job
     */
    public Storage(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * Hadoop's settings.
     *
     * @return what the constructor got
     */
    public Configuration configuration() {
        return configuration;
    }

    /**
     * A path with its file system and from the root, as it stands from any current folder.
     *
     * @param path any Hadoop path
     * @return such as {@code file:/data/ml-100k}
     */
    public Path qualified(Path path) {
        return call(path, "access", fs -> fs.makeQualified(path));
    }

    /**
     * Whether there is a file or folder.
     *
     * @param path any Hadoop path
     * @return true if it exists
     */
    public boolean exists(Path path) {
        return call(path, "access", fs -> fs.exists(path));
    }

    /**
     * Whether a path is on a disk of this machine or one that is mounted as such.
     *
     * @param path any Hadoop path
     * @return false for HDFS, S3 and the like
     */
    public boolean isLocal(Path path) {
        return call(path, "access", LocalFileSystem.class::isInstance);
    }

    /**
     * A path as a person writes it.
     *
     * @param path any Hadoop path
     * @return without a scheme on a disk of this machine; else with all that it takes to find it
     */
    public static String display(Path path) {
        URI uri = path.toUri();
        return uri.getScheme() == null || uri.getScheme().equals("file") ? uri.getPath() : path.toString();
    }

    /**
     * Opens a file.
     *
     * @param path any Hadoop path
     * @return its bytes
     * @throws DataException if there is no such file
     */
    public InputStream open(Path path) {
        return call(path, "read", fs -> fs.open(path));
    }

    /**
     * Creates a file and the folders above it, or empties the one that is there.
     *
     * @param path any Hadoop path
     * @return where to write
     */
    public OutputStream create(Path path) {
        return call(path, "write", fs -> fs.create(path, true));
    }

    /**
     * The length of a file.
     *
     * @param path any Hadoop path
     * @return its bytes
     * @throws DataException if there is no such file
     */
    public long length(Path path) {
        return call(path, "read", fs -> fs.getFileStatus(path).getLen());
    }

    /**
     * Reads a whole file.
     *
     * @param path any Hadoop path
     * @return its bytes
     * @throws DataException if there is no such file
     */
    public byte[] readBytes(Path path) {
        return call(path, "read", fs -> {
            try (InputStream in = fs.open(path)) {
                return in.readAllBytes();
            }
        });
    }

    /**
     * The digest of a file's bytes.
     *
     * @param path any Hadoop path
     * @return 64 hexadecimal digits
     * @throws DataException if there is no such file
     */
    public String sha256(Path path) {
        return call(path, "read", fs -> {
            try (InputStream in = fs.open(path)) {
                return DigestUtils.sha256Hex(in);
            }
        });
    }

    /**
     * Reads a whole text file.
     *
     * @param path any Hadoop path
     * @return its text, decoded as UTF-8
     * @throws DataException if there is no such file
     */
    public String readString(Path path) {
        return new String(readBytes(path), StandardCharsets.UTF_8);
    }

    /**
     * Writes a file that appears whole or not at all: into a temporary file beside it, which is then renamed.
     *
     * @param path any Hadoop path
     * @param content writes the content
     */
    public void write(Path path, Content content) {
        Path temporary = temporary(path);
        try {
            call(path, "write", fs -> {
                try (OutputStream out = fs.create(temporary, true)) {
                    content.writeTo(out);
                }
                return null;
            });
            move(temporary, path);
        } catch (RuntimeException e) {
            // Half a file takes the space that is missing.
            delete(temporary);
            throw e;
        }
    }

    /**
     * Writes a text file that appears whole or not at all.
     *
     * @param path any Hadoop path
     * @param text the content, encoded as UTF-8
     */
    public void write(Path path, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(path, out -> out.write(bytes));
    }

    /**
     * Renames a file or folder, replacing what bears the new name.
     *
     * @param from what to rename
     * @param to the new name
     */
    public void move(Path from, Path to) {
        // Before the old one is gone: what cannot be moved must not cost what is there.
        call(from, "move", fs -> fs.getFileStatus(from));
        call(to, "write", fs -> {
            fs.mkdirs(to.getParent());
            if (fs instanceof LocalFileSystem local && fs.getFileStatus(from).isFile()) {
                // At once, so that there is no moment without the one or the other.
                Files.move(
                        local.pathToFile(from).toPath(), local.pathToFile(to).toPath(), StandardCopyOption.ATOMIC_MOVE);
                return null;
            }
            fs.delete(to, true);
            if (!fs.rename(from, to)) {
                throw new IOException("cannot rename " + from + " to " + to);
            }
            return null;
        });
    }

    /**
     * Copies a file or folder, replacing what bears the new name.
     *
     * @param from what to copy
     * @param to its copy's name
     */
    public void copy(Path from, Path to) {
        call(to, "write", fs -> {
            fs.delete(to, true);
            FileSystem source = from.getFileSystem(configuration);
            if (!FileUtil.copy(source, from, fs, to, false, configuration)) {
                throw new IOException("cannot copy " + from);
            }
            return null;
        });
    }

    /**
     * Deletes a file, or a folder with all in it; nothing happens where there is none.
     *
     * @param path any Hadoop path
     */
    public void delete(Path path) {
        call(path, "delete", fs -> fs.delete(path, true));
    }

    /**
     * A new name beside a path, for what will be renamed to it when it is whole.
     *
     * @param path any Hadoop path
     * @return a hidden name in the same folder
     */
    public static Path temporary(Path path) {
        return new Path(path.getParent(), TEMPORARY + path.getName() + "-" + UUID.randomUUID());
    }

    /**
     * Deletes the {@link #temporary} files and folders that a killed run left.
     *
     * @param folder where
     */
    public void clean(Path folder) {
        for (FileStatus entry : list(folder)) {
            if (entry.getPath().getName().startsWith(TEMPORARY)) {
                delete(entry.getPath());
            }
        }
    }

    /**
     * Makes a folder and those above it, and checks that files can be written there.
     *
     * @param folder any Hadoop path
     */
    public void makeWritable(Path folder) {
        Path probe = temporary(new Path(folder, "probe"));
        call(folder, "write to", fs -> {
            if (!fs.mkdirs(folder)) {
                throw new IOException("the folder cannot be created");
            }
            fs.create(probe, true).close();
            return fs.delete(probe, false);
        });
    }

    /**
     * The entries of a folder.
     *
     * @param folder any Hadoop path
     * @return its entries by name; none where there is no such folder
     */
    public List<FileStatus> list(Path folder) {
        return call(folder, "list", fs -> {
            if (!fs.exists(folder)) {
                return List.of();
            }
            FileStatus[] entries = fs.listStatus(folder);
            Arrays.sort(entries);
            return List.of(entries);
        });
    }

    /**
     * The data files that a path names: the file itself, those in the folder, or those that match the pattern, without
     * those that Hadoop's tools hide.
     *
     * @param path a file, a folder or a pattern
     * @return the files in the order of their paths; none where there is none
     */
    public List<FileStatus> matching(Path path) {
        return call(path, "list", fs -> new DataFiles(fs).matching(path));
    }

    /**
     * The data files below a folder, without those that Hadoop's tools hide.
     *
     * @param folder any Hadoop path
     * @param ending how their names end
     * @return the files in the order of their paths
     */
    public List<FileStatus> files(Path folder, String ending) {
        return call(folder, "list", fs -> new DataFiles(fs).below(folder, ending));
    }

    private <T> T call(Path path, String what, FileSystemCall<T> work) {
        return work.run(configuration, path, what);
    }
}
