package io.deepfm.storage;

import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Prepared data with one manifest per stage.
 *
 * <p>A stage writes into a temporary folder. Only when it is done are its outputs renamed to their places, and its
 * manifest is written last, so an output without a manifest is as good as none.
 */
public final class WorkDirectory {

    /** The folder of the manifests. */
    public static final String MANIFESTS = "manifests";

    private final Storage storage;
    private final Path root;

    /**
     * @param storage the file systems
     * @param root any Hadoop path
     */
    public WorkDirectory(Storage storage, String root) {
        this.storage = storage;
        this.root = new Path(root);
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
     * @throws DataException if it has not finished
     */
    public Manifest require(String stage, String command) {
        return manifest(stage)
                .orElseThrow(() -> new DataException("There is no finished output of " + stage + " in " + root
                        + ". Run: scripts/deepfm " + command + " --config ..."));
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
        if (!force) {
            Optional<Manifest> existing = manifest(stage.name());
            if (existing.isPresent()
                    && existing.get().fingerprint().equals(fingerprint)
                    && stage.outputs().stream().allMatch(output -> storage.exists(path(output)))) {
                return new Outcome(existing.get(), true);
            }
        }
        Path target = Storage.temporary(path(stage.name()));
        try {
            long start = System.nanoTime();
            var rows = stage.run(target);
            storage.delete(manifestPath(stage.name()));
            for (String output : stage.outputs()) {
                storage.move(new Path(target, output), path(output));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            Manifest manifest = new Manifest(stage.name(), fingerprint, stage.inputs(), rows, seconds);
            storage.write(manifestPath(stage.name()), manifest.toJson());
            return new Outcome(manifest, false);
        } finally {
            storage.delete(target);
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
