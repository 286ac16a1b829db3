package io.deepfm.pipeline;

import io.deepfm.pipeline.lock.Lock;
import io.deepfm.pipeline.lock.LockedException;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Runs stages in a {@link WorkDirectory}: those whose outputs are not there are computed together, into a temporary
 * folder, and put in place one by one.
 *
 * @param <S> the stages' type
 */
final class StageRun<S extends Stage> {

    private final WorkDirectory work;
    private final Storage storage;
    private final Optional<Sharing> sharing;
    private final Stage.Computation<S> computation;
    private final boolean force;

    /**
     * @param work where
     * @param sharing the other processes there, if any
     * @param computation writes what is missing
     * @param force whether to run all stages all the same
     */
    StageRun(WorkDirectory work, Optional<Sharing> sharing, Stage.Computation<S> computation, boolean force) {
        this.work = work;
        this.storage = work.storage();
        this.sharing = sharing;
        this.computation = computation;
        this.force = force;
    }

    /** Runs those of some stages whose outputs are not there; the outcomes have the stages' order. */
    List<WorkDirectory.Outcome> of(List<S> stages) {
        Map<String, Map<String, String>> inputs = new HashMap<>();
        stages.forEach(stage -> inputs.put(stage.name(), stage.inputs()));
        Optional<Lock> lock = sharing.map(Sharing::lock);
        try {
            // Nobody else writes here now, so these were left by a process that was killed.
            storage.clean(work.root());
            List<S> missing = new ArrayList<>();
            List<WorkDirectory.Outcome> outcomes = new ArrayList<>();
            for (S stage : stages) {
                String fingerprint = stage.fingerprint(inputs.get(stage.name()));
                Optional<Manifest> existing = existing(stage, fingerprint);
                existing.ifPresent(manifest -> outcomes.add(new WorkDirectory.Outcome(manifest, true)));
                if (existing.isEmpty()) {
                    missing.add(stage);
                }
            }
            if (!missing.isEmpty()) {
                compute(missing, inputs, lock)
                        .forEach(manifest -> outcomes.add(new WorkDirectory.Outcome(manifest, false)));
            }
            sharing.ifPresent(others -> outcomes.forEach(outcome -> others.noteUse(outcome.manifest())));
            List<String> order = stages.stream().map(Stage::name).toList();
            outcomes.sort(Comparator.comparingInt(
                    outcome -> order.indexOf(outcome.manifest().stage())));
            return outcomes;
        } finally {
            lock.ifPresent(Lock::close);
        }
    }

    /** What a stage has written where that holds; what does not and will be replaced is in nobody's use. */
    private Optional<Manifest> existing(Stage stage, String fingerprint) {
        work.discardWaiting(stage, fingerprint);
        Optional<Manifest> existing = force ? work.unchecked(stage.name()) : work.manifest(stage.name());
        boolean holds = !force
                && existing.map(Manifest::fingerprint).equals(Optional.of(fingerprint))
                && stage.outputs().stream().allMatch(output -> storage.exists(work.path(output)))
                && existing.flatMap(work::damage).isEmpty();
        if (!holds) {
            sharing.ifPresent(others -> existing.ifPresent(others::refuseWhereUsed));
        }
        return existing.filter(manifest -> holds);
    }

    private List<Manifest> compute(List<S> stages, Map<String, Map<String, String>> inputs, Optional<Lock> lock) {
        Path target = Storage.temporary(new Path(work.root(), stages.get(0).name()));
        try {
            long start = System.nanoTime();
            List<Map<String, Long>> rows = computation.run(stages, target);
            double seconds = (System.nanoTime() - start) / 1e9 / stages.size();
            List<Manifest> manifests = new ArrayList<>();
            for (int i = 0; i < stages.size(); i++) {
                S stage = stages.get(i);
                Map<String, String> read = inputs.get(stage.name());
                Manifest manifest = new Manifest(
                        stage.name(),
                        stage.fingerprint(read),
                        read,
                        rows.get(i),
                        stage.outputs(),
                        work.filesOf(stage, target),
                        seconds);
                manifests.add(manifest);
                // Before anything is replaced, as the disk may be full.
                storage.write(new Path(target, WorkDirectory.manifestName(stage.name())), manifest.toJson());
            }
            lock.ifPresent(Lock::requireHeld);
            stages.forEach(stage -> putInPlace(stage, target));
            return manifests;
        } finally {
            storage.delete(target);
        }
    }

    private void putInPlace(Stage stage, Path target) {
        withdraw(work.unchecked(stage.name()), stage.name());
        for (String output : stage.outputs()) {
            storage.move(new Path(target, output), work.place(output));
        }
        String manifest = WorkDirectory.manifestName(stage.name());
        storage.move(new Path(target, manifest), work.place(manifest));
    }

    /** From then on nobody takes the earlier output for finished; unless somebody has begun to read it meanwhile. */
    private void withdraw(Optional<Manifest> existing, String stage) {
        storage.delete(work.place(WorkDirectory.manifestName(stage)));
        try {
            sharing.ifPresent(others -> existing.ifPresent(others::refuseWhereUsed));
        } catch (LockedException e) {
            storage.write(
                    work.place(WorkDirectory.manifestName(stage)),
                    existing.get().toJson());
            throw e;
        }
    }
}
