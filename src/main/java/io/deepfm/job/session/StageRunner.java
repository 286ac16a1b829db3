package io.deepfm.job.session;

import io.deepfm.job.progress.JobListener;
import io.deepfm.job.progress.SparkTasks;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.spark.SparkContext;

/** Runs the stages of one session, tells of each, and records how long it took. */
public final class StageRunner {

    private final SparkContext spark;
    private final Predicate<String> forced;
    private final JobListener listener;
    private final Map<String, Object> timings = new LinkedHashMap<>();

    /**
     * @param spark where the stages' jobs run
     * @param forced the names of stages that run even if they are up to date
     * @param listener hears of each stage
     */
    public StageRunner(SparkContext spark, Predicate<String> forced, JobListener listener) {
        this.spark = spark;
        this.forced = forced;
        this.listener = listener;
    }

    /**
     * Whether something runs even if it is up to date.
     *
     * @param stage its name
     * @return true if so
     */
    public boolean forces(String stage) {
        return forced.test(stage);
    }

    /**
     * Runs a stage unless it is up to date, and tells of it.
     *
     * @param folder the stage's folder
     * @param stage what to run
     * @param summary its rows in words
     */
    public void run(WorkDirectory folder, Stage stage, Function<Manifest, String> summary) {
        run(stage.name(), folder, List.of(stage), (stages, target) -> List.of(stage.run(target)), summary);
    }

    /**
     * Runs together those of some stages whose outputs are not there already, and tells of each.
     *
     * @param name what they are called together
     * @param folder the stages' folder
     * @param stages what to run
     * @param computation runs several at once
     * @param summary the rows of one in words
     * @param <S> the kind of stage
     */
    public <S extends Stage> void run(
            String name,
            WorkDirectory folder,
            List<S> stages,
            Stage.Computation<S> computation,
            Function<Manifest, String> summary) {
        folder.run(stages, told(name, computation), forces(name)).forEach(outcome -> {
            Manifest manifest = outcome.manifest();
            finished(manifest.stage(), summary.apply(manifest), manifest.seconds(), outcome.reused());
        });
    }

    /**
     * Does the same, and tells of all as if they were one stage.
     *
     * @param name what they are called together
     * @param folder the stages' folder
     * @param stages what to run
     * @param computation runs several at once
     * @param what all of them in words
     * @param <S> the kind of stage
     */
    public <S extends Stage> void runAsOne(
            String name, WorkDirectory folder, List<S> stages, Stage.Computation<S> computation, String what) {
        List<Double> seconds = folder.run(stages, told(name, computation), forces(name)).stream()
                .filter(outcome -> !outcome.reused())
                .map(outcome -> outcome.manifest().seconds())
                .toList();
        finished(name, what, seconds.stream().mapToDouble(each -> each).sum(), seconds.isEmpty());
    }

    /** Spark's jobs are told apart by what they are for. */
    private <S extends Stage> Stage.Computation<S> told(String name, Stage.Computation<S> computation) {
        return (stages, target) -> {
            spark.setLocalProperty(SparkTasks.TASK, name);
            try {
                return computation.run(stages, target);
            } finally {
                spark.setLocalProperty(SparkTasks.TASK, null);
            }
        };
    }

    /**
     * Tells of a stage that is finished.
     *
     * @param stage its name
     * @param what its outcome in words
     * @param seconds how long it took
     * @param reused whether it was up to date
     */
    public void finished(String stage, String what, double seconds, boolean reused) {
        time(stage, reused ? 0 : seconds);
        listener.onStage(stage, what, seconds, reused);
    }

    /**
     * Records how long a stage took.
     *
     * @param stage its name
     * @param seconds how long it took
     */
    public void time(String stage, double seconds) {
        timings.put(stage, Math.round(seconds * 1000) / 1000.0);
    }

    /**
     * How long the stages took.
     *
     * @return seconds by stage, in the order in which they ran
     */
    public Map<String, Object> timings() {
        return new LinkedHashMap<>(timings);
    }
}
