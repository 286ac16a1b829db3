package io.deepfm.pipeline;

import io.deepfm.storage.Storage;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * New outputs of a folder that wait beside earlier ones until all are there, and then take their places. From then on a
 * process that is killed has published too: the next one moves what is left.
 *
 * @param storage the file systems
 * @param root the folder, which the caller keeps other processes out of
 */
public record Publication(Storage storage, Path root) {

    private static final String NEXT = ".next";
    private static final String COMPLETE = ".complete";

    /** Where an entry waits. */
    Path waiting(String entry) {
        return entry.isEmpty() ? next() : new Path(next(), entry);
    }

    /** Whether there is something that waits. */
    boolean isPending() {
        return storage.exists(next());
    }

    /** Puts what waits into its places. */
    void publish() {
        if (isPending()) {
            storage.write(waiting(COMPLETE), "");
            end();
        }
    }

    /** Ends a publication in the midst of which a process was killed, if there is one. */
    public void end() {
        if (!storage.exists(waiting(COMPLETE))) {
            return;
        }
        Path manifests = waiting(WorkDirectory.MANIFESTS);
        Path replaced = new Path(root, WorkDirectory.MANIFESTS);
        for (FileStatus entry : storage.list(manifests)) {
            storage.delete(new Path(replaced, entry.getPath().getName()));
        }
        move(next(), root, name -> !name.equals(WorkDirectory.MANIFESTS) && !name.equals(COMPLETE));
        move(manifests, replaced, name -> true);
        storage.delete(next());
    }

    private Path next() {
        return new Path(root, NEXT);
    }

    private void move(Path from, Path to, Predicate<String> which) {
        for (FileStatus entry : storage.list(from)) {
            String name = entry.getPath().getName();
            if (which.test(name)) {
                storage.move(entry.getPath(), new Path(to, name));
            }
        }
    }
}
