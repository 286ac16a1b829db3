package io.deepfm.storage;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Prepared data with one manifest per stage.
 *
 * <p>A stage writes into a temporary folder. Only when it is done are its outputs renamed to their places, and its
 * manifest is written last, so an output without a manifest is as good as none.
 *
 * <p>Several processes may share one: of two that want the same output one computes it, the other waits and reuses it.
 * What a living process has used is not replaced by something else under its hands.
 */
public final class WorkDirectory implements AutoCloseable {

    /** The folder of the manifests. */
    public static final String MANIFESTS = "manifests";

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
     * @param root any Hadoop path
     * @param command who works here, for messages to others
     * @param onWait is told why this process has to wait for another
     */
    public WorkDirectory(Storage storage, Path root, String command, Consumer<String> onWait) {
        this.storage = storage;
        this.root = root;
        this.command = command;
        this.onWait = onWait;
    }

    /**
     * The place of an entry.
     *
     * @param entry a relative path such as {@code split/train}
     * @return its full path
     */
    public Path path(String entry) {
        return new Path(root, entry);
    }

    /**
     * The file systems.
     *
     * @return what the constructor got
     */
    public Storage storage() {
        return storage;
    }

    /**
     * What a stage said when it finished.
     *
     * @param stage its name
     * @return its manifest, or nothing if it has not finished
     */
    public Optional<Manifest> manifest(String stage) {
        Path path = manifestPath(stage);
        return storage.exists(path)
                ? Optional.of(Manifest.fromJson(storage.readString(path), path.toString()))
                : Optional.empty();
    }

    /**
     * What a stage said that must have finished.
     *
     * @param stage its name
     * @param command the command that runs it
     * @return its manifest
     * @throws DataException if it has not finished, or a file of its output is not there or not as it was written
     */
    public Manifest require(String stage, String command) {
        Manifest manifest = manifest(stage)
                .orElseThrow(() -> new DataException("There is no finished output of " + stage + " in " + root
                        + ". Run: scripts/deepfm " + command + " --config ..."));
        damage(manifest).ifPresent(what -> {
            throw new DataException("The output of " + stage + " in " + root + " is damaged: " + what
                    + ". Run: scripts/deepfm " + command + " --config ... --force");
        });
        noteUse(manifest);
        return manifest;
    }

    /**
     * Runs a stage unless its output is there already.
     *
     * @param stage what to run
     * @param force whether to run it all the same
     * @return its manifest, and whether it was reused
     */
    public Outcome run(Stage stage, boolean force) {
        String fingerprint = fingerprint(stage);
        Lock lock = waitForLock();
        try {
            Optional<Manifest> existing = force ? unchecked(stage.name()) : manifest(stage.name());
            boolean whole = stage.outputs().stream().allMatch(output -> storage.exists(path(output)))
                    && existing.flatMap(this::damage).isEmpty();
            if (!force && whole && existing.map(Manifest::fingerprint).equals(Optional.of(fingerprint))) {
                noteUse(existing.get());
                return new Outcome(existing.get(), true);
            }
            existing.ifPresent(this::refuseWhereUsed);
            // Only the holder of the lock writes here, so these were left by a process that was killed.
            storage.clean(root);
            storage.clean(path(MANIFESTS));
            Manifest manifest = compute(stage, fingerprint);
            noteUse(manifest);
            return new Outcome(manifest, false);
        } finally {
            lock.close();
        }
    }

    private Manifest compute(Stage stage, String fingerprint) {
        Path target = Storage.temporary(path(stage.name()));
        try {
            long start = System.nanoTime();
            var rows = stage.run(target);
            storage.delete(manifestPath(stage.name()));
            for (String output : stage.outputs()) {
                storage.move(new Path(target, output), path(output));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            Manifest manifest =
                    new Manifest(stage.name(), fingerprint, stage.inputs(), rows, files(stage.outputs()), seconds);
            storage.write(manifestPath(stage.name()), manifest.toJson());
            return manifest;
        } finally {
            storage.delete(target);
        }
    }

    /** What is wrong with a stage's files. A table without one of its files reads as a smaller table. */
    private Optional<String> damage(Manifest manifest) {
        List<String> outputs = manifest.files().keySet().stream()
                .map(file -> file.replaceFirst("/.*", ""))
                .distinct()
                .toList();
        Map<String, Long> found = files(outputs);
        for (Map.Entry<String, Long> file : manifest.files().entrySet()) {
            Long length = found.remove(file.getKey());
            if (length == null) {
                return Optional.of(file.getKey() + " is missing");
            }
            if (!length.equals(file.getValue())) {
                return Optional.of(file.getKey() + " has " + length + " bytes instead of " + file.getValue());
            }
        }
        return found.keySet().stream()
                .map(file -> file + " is none of its files")
                .findFirst();
    }

    /** The lengths of the files of a stage's outputs. */
    private Map<String, Long> files(List<String> outputs) {
        Map<String, Long> files = new TreeMap<>();
        for (String output : outputs) {
            if (storage.exists(path(output))) {
                URI folder = storage.qualified(path(output)).toUri();
                storage.files(path(output), "").forEach(file -> {
                    String name = folder.relativize(file.getPath().toUri()).getPath();
                    files.put(name.isEmpty() ? output : output + "/" + name, file.getLen());
                });
            }
        }
        return files;
    }

    private Lock waitForLock() {
        Path file = path(LOCK);
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
    private synchronized void noteUse(Manifest manifest) {
        if (use == null) {
            Path file = path(USERS + "/" + UUID.randomUUID());
            use = Lock.tryTake(storage, file, command).orElseThrow();
        }
        use.note(manifest.stage(), manifest.fingerprint());
    }

    private void refuseWhereUsed(Manifest manifest) {
        for (FileStatus file : storage.list(path(USERS))) {
            boolean own =
                    use != null && file.getPath().getName().equals(use.file().getName());
            Optional<Lock.Holder> user = own ? Optional.empty() : Lock.livingHolder(storage, file.getPath());
            if (!own && user.isEmpty()) {
                storage.delete(file.getPath());
            }
            if (user.isPresent()
                    && manifest.fingerprint().equals(user.get().notes().get(manifest.stage()))) {
                throw new LockedException("The output of " + manifest.stage() + " in " + root + " is in use by "
                        + user.get() + ", and would have to be replaced, as settings, raw files or the program differ."
                        + " Wait for that process, or choose another folder with --override work_dir=FOLDER.");
            }
        }
    }

    /** The manifest where it can be read; what is replaced anyway need not be whole. */
    private Optional<Manifest> unchecked(String stage) {
        try {
            return manifest(stage);
        } catch (DataException e) {
            return Optional.empty();
        }
    }

    /** Says that this process reads nothing here any more. */
    @Override
    public synchronized void close() {
        if (use != null) {
            use.close();
            use = null;
        }
    }

    /**
     * Forgets a stage's output and deletes it.
     *
     * @param stage the stage
     */
    public void discard(Stage stage) {
        storage.delete(manifestPath(stage.name()));
        stage.outputs().forEach(output -> storage.delete(path(output)));
    }

    /** Deletes the folder with all in it. */
    public void delete() {
        close();
        storage.delete(root);
    }

    /**
     * A stage's manifest.
     *
     * @param manifest what it said
     * @param reused whether it was there already
     */
    public record Outcome(Manifest manifest, boolean reused) {}

    private static String fingerprint(Stage stage) {
        Fingerprint fingerprint = stage.settings();
        stage.inputs().forEach(fingerprint::add);
        return fingerprint.hex();
    }

    private Path manifestPath(String stage) {
        return path(MANIFESTS + "/" + stage + ".json");
    }
}
