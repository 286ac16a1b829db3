package io.deepfm.storage;

import org.apache.hadoop.fs.Path;

/**
 * A folder that is there with all its files or counts as not there. On object stores a folder is renamed file by file, so that a
 * process that is killed meanwhile leaves a part of it; what tells is a mark that is written last.
 *
 * @param storage the file systems
 * @param path where the folder is or will be
 */
public record WholeFolder(Storage storage, Path path) {

    /** Hidden from all who read the folder's files. */
    private static final String MARK = ".whole";

    /**
     * Whether it is there.
     *
     * @return false also for a part of it, and for a folder of an earlier version, which made no mark
     */
    public boolean exists() {
        return storage.exists(mark());
    }

    /**
     * Renames another folder to this one, and replaces what there is of it.
     *
     * @param fresh the other
     */
    public void take(Path fresh) {
        storage.move(fresh, path);
        storage.write(mark(), "");
    }

    private Path mark() {
        return new Path(path, MARK);
    }
}
