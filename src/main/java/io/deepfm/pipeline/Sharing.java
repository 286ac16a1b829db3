package io.deepfm.pipeline;

import io.deepfm.pipeline.lock.Claim;
import io.deepfm.pipeline.lock.Holder;
import io.deepfm.pipeline.lock.Lock;
import io.deepfm.pipeline.lock.LockedException;
import io.deepfm.pipeline.lock.Watch;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What the processes that share a folder know of each other: which one writes there, and which ones read what.
 *
 * <p>Both are {@link Claim}s, so those of a process that was killed count for nothing.
 */
final class Sharing implements AutoCloseable {

    private static final String LOCK = ".lock";
    private static final String USERS = ".in-use";

    private final Storage storage;
    private final Watch watch;
    private final Path root;
    private final String command;
    private final Consumer<String> onWait;
    private Claim use;

    /**
     * @param storage the file systems
     * @param root the folder
     * @param command who works here, for messages to others
     * @param onWait is told why this process has to wait for another
     */
    Sharing(Storage storage, Path root, String command, Consumer<String> onWait) {
        this.storage = storage;
        this.watch = new Watch(storage);
        this.root = root;
        this.command = command;
        this.onWait = onWait;
    }

    /** Waits until no other process writes, and keeps others from it. */
    Lock lock() {
        return Lock.await(watch, new Path(root, LOCK), command, onWait);
    }

    /** Lets other processes know that this one reads a stage's output. */
    synchronized void noteUse(Manifest manifest) {
        if (use == null) {
            forgetTheDead();
            Path file = new Path(root, USERS + "/" + UUID.randomUUID());
            use = new Claim(storage, file, Holder.self(command));
        }
        use.note(manifest.stage(), manifest.fingerprint());
    }

    /**
     * Requires that no other process reads a stage's output.
     *
     * @throws LockedException if a living one does
     */
    void refuseWhereUsed(Manifest manifest) {
        for (Path file : users(root)) {
            boolean own = use != null && file.getName().equals(use.file().getName());
            if (!own && reads(watch.living(file), manifest)) {
                watch.awaitSign(file)
                        .filter(user -> reads(Optional.of(user), manifest))
                        .ifPresent(user -> {
                            throw new LockedException(
                                    frontEnd -> "The output of " + manifest.stage() + " in " + root + " is in use by "
                                            + user
                                            + ", but is stale or damaged and would have to be replaced."
                                            + " Wait for that process, or choose another folder with "
                                            + frontEnd.folder("work_dir") + ".");
                        });
            }
        }
    }

    private static boolean reads(Optional<Holder> user, Manifest manifest) {
        return user.map(Holder::notes)
                .map(notes -> notes.get(manifest.stage()))
                .filter(manifest.fingerprint()::equals)
                .isPresent();
    }

    /** Deletes what processes that were killed noted, and what they had just begun to note. */
    private void forgetTheDead() {
        List<Path> files = users(root);
        List<String> dead =
                files.stream().filter(watch::isAbandoned).map(Path::getName).toList();
        // A temporary file bears the name of its file within its own, and comes before it.
        files.stream()
                .filter(file -> dead.stream().anyMatch(file.getName()::contains))
                .forEach(storage::delete);
    }

    private List<Path> users(Path folder) {
        return storage.list(new Path(folder, USERS)).stream()
                .map(FileStatus::getPath)
                .toList();
    }

    /** Whether processes that were killed worked in a folder, and none does now. */
    boolean isAbandoned(Path folder) {
        List<Path> claims = new ArrayList<>(users(folder));
        claims.addAll(Lock.claims(storage, new Path(folder, LOCK)));
        return claims.stream().anyMatch(watch::isAbandoned)
                && claims.stream().noneMatch(claim -> watch.living(claim).isPresent());
    }

    /** Says that this process reads nothing here any more. */
    @Override
    public synchronized void close() {
        if (use != null) {
            use.close();
            use = null;
        }
    }
}
