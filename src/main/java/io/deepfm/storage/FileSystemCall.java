package io.deepfm.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Something that is done with a file system; errors name the path. */
@FunctionalInterface
public interface FileSystemCall<T> {

    /** Does it. */
    T on(FileSystem fs) throws IOException;

    /**
     * Does it with the file system of a path.
     *
     * @param configuration Hadoop's settings
     * @param path the path that errors name
     * @param what a verb that does so
     * @return what the call gives
     */
    default T run(Configuration configuration, Path path, String what) {
        try {
            FileSystem fs = path.getFileSystem(configuration);
            // On a local disk Hadoop would put a hidden checksum file beside each of ours.
            fs.setWriteChecksum(false);
            return on(fs);
        } catch (IOException | FSError e) {
            // FSError is what Hadoop's local file system makes of a full disk.
            if (FullDiskException.isCauseOf(e)) {
                throw new FullDiskException(path.toString(), e);
            }
            if (e instanceof FileNotFoundException) {
                throw new DataException(
                        "Cannot " + what + " " + path + ": there is no such file or folder, or a file"
                                + " is where a folder should be.",
                        e);
            }
            throw new UncheckedIOException(
                    "Cannot " + what + " " + path + ": " + e.getMessage(),
                    e instanceof IOException io ? io : new IOException(e));
        }
    }
}
