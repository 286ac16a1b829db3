package io.deepfm.pipeline;

import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Prepared data with one manifest per stage.
 *
 * <p>A stage writes into a temporary folder. Only when it is done are its outputs renamed to their places, and its
 * manifest is written last, so an output without a manifest is as good as none.
 *
 * <p>Several processes may share one, as {@link Sharing} has it: of two that want the same output, one computes it and the other waits. What a living process has used is not replaced by something else while it runs.
 *
 * <p>Where finished results must stay until all new ones are there, outputs wait in a folder of their own until {@link
 * #publish}.
 */
public final class WorkDirectory implements AutoCloseable {

    /** The folder of the manifests. */
    public static final String MANIFESTS = "manifests";

    private final Storage storage;
    private final Path root;
    private final StoredFiles files;
    private final Optional<Sharing> sharing;
    private final Optional<Publication> publication;

    /**
     * A folder that other processes may use at the same time.
     *
     * @param storage the file systems
     * @param root any Hadoop path
     * @param command who works here, for messages to others
     * @param onWait is told why this process has to wait for another
     */
    public WorkDirectory(Storage storage, Path root, String command, Consumer<String> onWait) {
        this(storage, root, Optional.of(new Sharing(storage, root, command, onWait)), Optional.empty());
    }

    /**
     * A folder that the caller keeps other processes out of.
     *
     * @param storage the file systems
     * @param root any Hadoop path
     */
    public WorkDirectory(Storage storage, Path root) {
        this(storage, root, Optional.empty(), Optional.empty());
    }

    private WorkDirectory(Storage storage, Path root, Optional<Sharing> sharing, Optional<Publication> publication) {
        this.storage = storage;
        this.root = root;
        this.files = new StoredFiles(storage);
        this.sharing = sharing;
        this.publication = publication;
    }

    /**
     * The same folder, whose stages' outputs take the places of earlier ones all at once.
     *
     * @param last the stage whose output makes earlier ones complete; where there is none, nothing is held back
     * @return outputs that wait for {@link #publish}, and beside them those that are there
     */
    public WorkDirectory holdingBack(String last) {
        Optional<Publication> all = Optional.of(new Publication(storage, root));
        return new WorkDirectory(
                storage, root, sharing, all.filter(any -> storage.exists(manifestPath(last)) || any.isPending()));
    }

    /**
     * The place of an entry.
     *
     * @param entry a relative path such as {@code split/train}
     * @return its full path
     */
    public Path path(String entry) {
        return publication
                .map(all -> all.waiting(entry))
                .filter(storage::exists)
                .orElseGet(() -> new Path(root, entry));
    }

    /**
     * The folder itself.
     *
     * @return any Hadoop path
     */
    public Path root() {
        return root;
    }

    /** Where a new entry goes. */
    Path place(String entry) {
        return publication.map(all -> all.waiting(entry)).orElseGet(() -> new Path(root, entry));
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
                .orElseThrow(() -> new DataException(frontEnd ->
                        "There is no output of stage " + stage + " in " + root + ". " + frontEnd.run(command)));
        // Before the files are looked at, which may take long: from now on nobody replaces them.
        sharing.ifPresent(others -> others.noteUse(manifest));
        if (!manifest(stage).equals(Optional.of(manifest))) {
            return require(stage, command);
        }
        damage(manifest).ifPresent(what -> {
            throw new DataException(frontEnd -> "The output of stage " + stage + " in " + root + " is damaged: " + what
                    + ". " + frontEnd.replace(command));
        });
        return manifest;
    }

    /**
     * Runs a stage unless its output is there already.
     *
     * @param stage what to run
     * @param force whether to run it all the same
     * @return its manifest, and whether it was up to date
     * @throws DataException if outputs of an earlier process wait here, but not for this one
     */
    public Outcome run(Stage stage, boolean force) {
        return run(List.of(stage), (stages, target) -> List.of(stage.run(target)), force)
                .get(0);
    }

    /**
     * Runs those of some stages together whose outputs are not there already.
     *
     * @param <S> the stages' type
     * @param stages what to run; none reads what another writes
     * @param computation writes what is missing
     * @param force whether to run all of them all the same
     * @return each stage's manifest, and whether it was reused
     * @throws DataException if outputs of an earlier process wait here, but not for this one
     */
    public <S extends Stage> List<Outcome> run(List<S> stages, Stage.Computation<S> computation, boolean force) {
        refuseBesideWaitingOutputs();
        return new StageRun<>(this, sharing, computation, force).of(stages);
    }

    Optional<String> damage(Manifest manifest) {
        return files.damage(manifest, this::path);
    }

    /** The manifest where it can be read; what is replaced anyway need not be whole. */
    Optional<Manifest> unchecked(String stage) {
        try {
            return manifest(stage);
        } catch (DataException e) {
            return Optional.empty();
        }
    }

    /** Says that this process reads nothing here any more. */
    @Override
    public void close() {
        sharing.ifPresent(Sharing::close);
    }

    /**
     * Deletes the folders beside this one in which processes worked that are known to be dead. Of those of other machines
     * that takes two calls, a minute or more apart.
     */
    public void deleteAbandonedSiblings() {
        sharing.ifPresent(others -> storage.list(root.getParent()).stream()
                .map(FileStatus::getPath)
                .filter(others::isAbandoned)
                .forEach(storage::delete));
    }

    /**
     * Forgets a stage's output and deletes it; where outputs are held back, none but such.
     *
     * @param stage the stage
     */
    public void discard(Stage stage) {
        storage.delete(place(manifestName(stage.name())));
        stage.outputs().forEach(output -> storage.delete(place(output)));
    }

    /** Forgets what is held back of a stage unless it is what is wanted: it is of a run that was stopped, or half of it. */
    void discardWaiting(Stage stage, String fingerprint) {
        if (publication.isPresent() && !isWaiting(stage, fingerprint)) {
            discard(stage);
        }
    }

    /** What the files hold that a stage has just written. */
    Map<String, StoredFile> filesOf(Stage stage, Path target) {
        return files.of(stage.outputs(), output -> new Path(target, output));
    }

    /** Puts the outputs that were held back into their places. */
    public void publish() {
        publication.ifPresent(Publication::publish);
    }

    /** Otherwise new metrics might be those of the earlier results' model. */
    private void refuseBesideWaitingOutputs() {
        Publication earlier = new Publication(storage, root);
        if (publication.isEmpty() && earlier.isPending()) {
            throw new DataException(
                    earlier.waiting("") + " contains the finished part of a pipeline that was stopped, beside"
                            + " earlier results. Resume with: scripts/deepfm pipeline --config ...; or delete that folder.");
        }
    }

    private boolean isWaiting(Stage stage, String fingerprint) {
        return storage.exists(place(manifestName(stage.name())))
                && unchecked(stage.name()).map(Manifest::fingerprint).equals(Optional.of(fingerprint));
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
     * @param reused whether it was up to date
     */
    public record Outcome(Manifest manifest, boolean reused) {}

    private Path manifestPath(String stage) {
        return path(manifestName(stage));
    }

    static String manifestName(String stage) {
        return MANIFESTS + "/" + stage + ".json";
    }
}
