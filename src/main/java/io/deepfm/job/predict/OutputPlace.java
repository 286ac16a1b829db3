package io.deepfm.job.predict;

import io.deepfm.config.ConfigException;
import io.deepfm.storage.Storage;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Where an output goes. Only another output is ever replaced: that a folder is one, and not data of the user's that Spark
 * wrote as well, a mark of our own tells.
 *
 * @param name as the user wrote it, for messages
 * @param isFile whether one file is written, in place of a folder
 * @param storage the file systems
 */
public record OutputPlace(String name, boolean isFile, Storage storage) {

    private static final String MARK = ".deepfm-output";

    /** The file or folder. */
    public Path path() {
        return storage.qualified(new Path(name));
    }

    /**
     * Marks a folder as an output, before it is put in its place.
     *
     * @param folder what was written
     * @param command by whom
     */
    public void mark(Path folder, String command) {
        if (!isFile) {
            storage.write(new Path(folder, MARK), "written by deepfm " + command + "\n");
        }
    }

    /**
     * Requires that what is there may be replaced.
     *
     * @param model the folder of the model that is read
     * @param inputs files, folders and patterns that are read beside it
     * @param isForced whether an earlier output is replaced
     * @throws ConfigException if an input would be replaced, or anything that is no output, or an output without being forced;
     *     or if the output would lie within the model
     */
    public void requireFree(Path model, List<Path> inputs, boolean isForced) {
        requireOther(model);
        inputs.forEach(this::requireOther);
        if (isWithin(path(), storage.qualified(model))) {
            throw error("the output would be in the folder of the model, " + model
                    + ", which could not be read any more: its files are those that its checksums list. Choose a folder"
                    + " elsewhere.");
        }
        if (!storage.exists(path())) {
            return;
        }
        List<FileStatus> there = storage.list(path());
        boolean isFileThere = there.size() == 1 && there.get(0).getPath().equals(path());
        if (isFile != isFileThere) {
            throw error("there is a " + (isFileThere ? "file" : "folder")
                    + " of this name already. Choose another name: with --csv that of a file, else that of a folder.");
        }
        if (there.isEmpty()) {
            return;
        }
        if (!isFile && !storage.exists(new Path(path(), MARK))) {
            throw error("the folder is not empty and is not marked as an output of predict or recommend, so it is not"
                    + " replaced. Choose another folder. If it is an output of an earlier version, which set no mark,"
                    + " delete it by hand.");
        }
        if (!isForced) {
            throw error("the output already exists. Choose another name, or replace it with --force.");
        }
    }

    private void requireOther(Path input) {
        Path place = path();
        Stream.concat(
                        Stream.of(storage.qualified(input)),
                        storage.matching(input).stream().map(FileStatus::getPath))
                .filter(read -> isWithin(read, place))
                .findFirst()
                .ifPresent(read -> {
                    throw error("the output would replace " + read + ", which is read. Choose another name.");
                });
    }

    private static boolean isWithin(Path path, Path folder) {
        return path != null && (path.equals(folder) || isWithin(path.getParent(), folder));
    }

    private ConfigException error(String what) {
        return new ConfigException("--output " + name + ": " + what);
    }
}
