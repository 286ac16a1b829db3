package io.deepfm.pipeline;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A local disk that can do no more than an object store: a file appears when it is closed, also where there is one that
 * must not be overwritten, times cannot be set, and renaming is copying and deleting.
 */
public final class ObjectStoreLike extends RawLocalFileSystem {

    public static final String SCHEME = "objects";

    private static final String HALF = ".half-";

    public static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set("fs." + SCHEME + ".impl", ObjectStoreLike.class.getName());
        return configuration;
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FSDataOutputStream create(
            org.apache.hadoop.fs.Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        return create(path, overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public FSDataOutputStream create(
            org.apache.hadoop.fs.Path path,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        if (!overwrite && exists(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        Path file = pathToFile(path).toPath();
        Files.createDirectories(file.getParent());
        return new FSDataOutputStream(
                new ByteArrayOutputStream() {
                    @Override
                    public void close() throws IOException {
                        Path half = Files.createTempFile(file.getParent(), HALF, "");
                        Files.write(half, toByteArray());
                        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
                    }
                },
                statistics);
    }

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path path) throws IOException {
        File file = pathToFile(path);
        if (file.isFile()) {
            return super.listStatus(path);
        }
        String[] names = file.list();
        if (names == null) {
            throw new FileNotFoundException(path.toString());
        }
        List<FileStatus> entries = new ArrayList<>();
        for (String name : names) {
            if (!name.startsWith(HALF)) {
                try {
                    entries.add(getFileStatus(new org.apache.hadoop.fs.Path(path, name)));
                } catch (FileNotFoundException e) {
                    // Deleted since.
                    continue;
                }
            }
        }
        return entries.toArray(FileStatus[]::new);
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
        return FileUtil.copy(this, from, this, to, true, getConf());
    }

    @Override
    public void setTimes(org.apache.hadoop.fs.Path path, long modified, long accessed) {
        // As s3a has it.
    }
}
