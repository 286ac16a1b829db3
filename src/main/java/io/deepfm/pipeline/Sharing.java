package io.deepfm.pipeline;

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
 * <p>Both are {@link Lock}s, so those of a process that was killed count for nothing.
 */
final class Sharing implements AutoCloseable {

    private static final String LOCK = ".lock";
    private static final String USERS = ".in-use";
    private static final long POLL_MILLIS = 300;

    private final Storage storage;
    private final Path root;
    private final String command;
    private final Consumer<String> onWait;
    private Lock use;

    /**
     * @param storage the file systems
     * @param root the folder
     * @param command who works here, for messages to others
     * @param onWait is told why this process has to wait for another
     */
    Sharing(Storage storage, Path root, String command, Consumer<String> onWait) {
        this.storage = storage;
        this.root = root;
        this.command = command;
        this.onWait = onWait;
    }

    /** Waits until no other process writes, and keeps others from it. */
    Lock lock() {
        Path file = new Path(root, LOCK);
        boolean told = false;
        while (true) {
            Optional<Lock> lock = Lock.tryTake(storage, file, command);
            if (lock.isPresent()) {
                return lock.get();
            }
            Optional<Lock.Holder> holder = Lock.livingHolder(storage, file);
            if (!told && holder.isPresent()) {
                onWait.accept(root + ": waiting for " + holder.get());
                told = true;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for " + file, e);
            }
        }
    }

    /** Lets other processes know that this one reads a stage's output. */
    synchronized void noteUse(Manifest manifest) {
        if (use == null) {
            forgetTheDead();
            Path file = new Path(root, USERS + "/" + UUID.randomUUID());
            use = Lock.tryTake(storage, file, command).orElseThrow();
        }
        use.note(manifest.stage(), manifest.fingerprint());
    }

    /**
     * Sees to it that no other process reads a stage's output.
     *
     * @throws LockedException if a living one does
     */
    void refuseWhereUsed(Manifest manifest) {
        for (Path file : users()) {
            boolean own = use != null && file.getName().equals(use.file().getName());
            Optional<Lock.Holder> user = own ? Optional.empty() : Lock.livingHolder(storage, file);
            if (user.isPresent()
                    && manifest.fingerprint().equals(user.get().notes().get(manifest.stage()))) {
                throw new LockedException("The output of " + manifest.stage() + " in " + root + " is in use by "
                        + user.get()
                        + ", and would have to be replaced, as settings, raw files or the program differ, or a file is damaged."
                        + " Wait for that process, or choose another folder with --override work_dir=FOLDER.");
            }
        }
    }

    /** Deletes what processes that were killed noted, and what they had just begun to note. */
    private void forgetTheDead() {
        List<Path> files = users();
        List<String> dead = files.stream()
                .filter(file -> Lock.isAbandoned(storage, file))
                .map(Path::getName)
                .toList();
        // A temporary file bears the name of its file within its own, and comes before it.
        files.stream()
                .filter(file -> dead.stream().anyMatch(file.getName()::contains))
                .forEach(storage::delete);
    }

    private List<Path> users() {
        return storage.list(new Path(root, USERS)).stream()
                .map(FileStatus::getPath)
                .toList();
    }

    /** Whether processes that were killed worked here, and none does now. */
    boolean isAbandoned() {
        List<Path> locks = new ArrayList<>(users());
        locks.add(new Path(root, LOCK));
        return locks.stream().anyMatch(lock -> Lock.isAbandoned(storage, lock))
                && locks.stream()
                        .noneMatch(lock -> Lock.livingHolder(storage, lock).isPresent());
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
