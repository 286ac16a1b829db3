package io.deepfm.pipeline;

import io.deepfm.storage.DataException;
import io.deepfm.storage.FileSystemCall;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file that only one of several processes can create, and that its creator touches while it lives.
 *
 * @param configuration Hadoop's settings
 * @param path the file
 */
record LockFile(Configuration configuration, Path path) {

    /** Creates it with a small content; false where it is there already. */
    boolean create(byte[] content) {
        return call("write", fs -> {
            fs.mkdirs(path.getParent());
            // Hadoop's local file system looks first and creates then; Java's own does both at once.
            OutputStream created;
            try {
                created = fs instanceof LocalFileSystem local
                        ? Files.newOutputStream(local.pathToFile(path).toPath(), StandardOpenOption.CREATE_NEW)
                        : fs.create(path, false);
            } catch (java.nio.file.FileAlreadyExistsException | FileAlreadyExistsException e) {
                return false;
            }
            try (OutputStream out = created) {
                out.write(content);
            } catch (IOException e) {
                // The disk is full: an empty file would say that someone is just beginning.
                fs.delete(path, false);
                throw e;
            }
            return true;
        });
    }

    /** When it was last written or touched; a {@link DataException} if there is none. */
    Instant touched() {
        return Instant.ofEpochMilli(call("look at", fs -> fs.getFileStatus(path).getModificationTime()));
    }

    /** Marks it as written now; a {@link DataException} if there is none. */
    void touch() {
        call("touch", fs -> {
            fs.setTimes(path, System.currentTimeMillis(), -1);
            return null;
        });
    }

    private <T> T call(String what, FileSystemCall<T> work) {
        return work.run(configuration, path, what);
    }
}
