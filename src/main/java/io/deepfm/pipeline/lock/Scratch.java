package io.deepfm.pipeline.lock;

import io.deepfm.storage.Storage;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A hidden folder beside a path, for what is renamed to it once it is whole. It may lie in another process's folder, who
 * deletes the {@link Storage#temporary} files there, but not this one. A claim in it tells that its process lives; those of
 * killed processes are deleted by the next one that makes its own beside them.
 */
public final class Scratch implements AutoCloseable {

    private static final String PREFIX = ".scratch-";
    private static final String LOCK = ".lock";

    private final Storage storage;
    private final Path folder;
    private final Lock lock;

    private Scratch(Storage storage, Path folder, String command) {
        this.storage = storage;
        this.folder = folder;
        this.lock = Lock.take(storage, new Path(folder, LOCK), command, "the temporary folder", folder);
    }

    /**
     * Makes one, after those beside it that killed processes of this machine left are deleted.
     *
     * @param storage the file systems
     * @param place any Hadoop path
     * @param command who works there, for messages to others
     * @return an empty one
     */
    public static Scratch beside(Storage storage, Path place, String command) {
        Watch watch = new Watch(storage);
        storage.list(place.getParent()).stream()
                .map(FileStatus::getPath)
                .filter(other -> other.getName().startsWith(PREFIX))
                .filter(other ->
                        Lock.claims(storage, new Path(other, LOCK)).stream().anyMatch(watch::isAbandoned))
                .forEach(storage::delete);
        return new Scratch(storage, new Path(place.getParent(), PREFIX + UUID.randomUUID()), command);
    }

    /**
     * What to write.
     *
     * @return a path at which nothing is yet
     */
    public Path path() {
        // Not the place's own name, which may have a colon, as a name alone must not.
        return new Path(folder, "output");
    }

    /** Deletes what has not been renamed; the claim after it, as nobody deletes what has none. */
    @Override
    public void close() {
        storage.delete(path());
        lock.close();
        storage.delete(folder);
    }
}
