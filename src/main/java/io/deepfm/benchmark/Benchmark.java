package io.deepfm.benchmark;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.Devices;
import io.deepfm.inference.EngineSettings;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import io.deepfm.job.progress.JobListener;
import io.deepfm.pipeline.lock.Scratch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;

/**
 * Measures how fast this program is on this machine.
 *
 * <p>Each round runs every case once, and after each of our runs the same in PyTorch, if asked to: so whatever else the
 * machine does, and its clock, change both alike. A run makes what it needs, warms up and measures.
 */
public final class Benchmark {

    /**
     * What to measure, and how long.
     *
     * @param what what to measure
     * @param models the models to train and to score with
     * @param vocabularies the numbers of hash buckets of the large field
     * @param rounds runs per case, at least 1
     * @param seconds seconds per run
     * @param warmUp seconds before each run
     */
    public record Plan(
            Set<What> what,
            List<Variant> models,
            List<Integer> vocabularies,
            int rounds,
            double seconds,
            double warmUp) {

        /** Checks ranges. */
        public Plan {
            vocabularies.forEach(
                    buckets -> require(buckets >= 1, "--vocabularies " + buckets + ": must be at least 1."));
            require(rounds >= 1, "--rounds " + rounds + ": must be at least 1.");
            require(seconds > 0, "--seconds " + seconds + ": must be above 0.");
            require(warmUp >= 0, "--warm-up " + warmUp + ": must be at least 0.");
        }

        private static void require(boolean holds, String message) {
            if (!holds) {
                throw new ConfigException(message);
            }
        }
    }

    private final Session session;
    private final JobListener listener;
    private final Plan plan;
    private final Function<List<String>, ExperimentConfig> configs;
    private final Optional<PyTorch> pytorch;
    private final int threads;

    /**
     * @param session what to work with
     * @param listener hears of each run
     * @param plan what to measure
     * @param configs the configuration with further {@code key=value} pairs over it
     * @param pytorch what to compare with, if anything
     */
    public Benchmark(
            Session session,
            JobListener listener,
            Plan plan,
            Function<List<String>, ExperimentConfig> configs,
            Optional<PyTorch> pytorch) {
        this.session = session;
        this.listener = listener;
        this.plan = plan;
        this.configs = configs;
        this.pytorch = pytorch;
        int wanted = session.config().training().numThreads();
        this.threads = wanted > 0 ? wanted : Runtime.getRuntime().availableProcessors();
    }

    /**
     * Prepares the data and measures.
     *
     * @return all runs
     */
    public BenchmarkReport run() {
        try (Scratch scratch = Scratch.beside(session.storage(), session.work().path("benchmark"), "benchmark")) {
            EngineSettings.start(threads);
            List<Case> cases = new ArrayList<>();
            if (!plan.what().equals(Set.of(What.VOCABULARY))) {
                cases.addAll(casesOverTheDataset(scratch.path()));
            }
            if (plan.what().contains(What.VOCABULARY)) {
                plan.vocabularies().forEach(buckets -> cases.add(vocabulary(buckets)));
            }
            List<Run> runs = runs(cases);
            return new BenchmarkReport(
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    machine(),
                    settings(),
                    runs,
                    Summary.of(runs));
        }
    }

    private List<Case> casesOverTheDataset(Path scratch) {
        new DataJob(session).candidates();
        ExperimentConfig config = session.config();
        Samples samples;
        try (SamplingWork first = sampling(new Path(scratch, "first"))) {
            samples = Samples.read(session.work(), first.epoch(), config);
        }
        List<Case> cases = new ArrayList<>();
        for (What what : List.of(What.TRAIN, What.SCORE)) {
            if (plan.what().contains(what)) {
                plan.models().forEach(model -> cases.add(model(what, model, samples)));
            }
        }
        if (plan.what().contains(What.SAMPLING)) {
            cases.add(new Case(
                    What.SAMPLING,
                    null,
                    null,
                    config,
                    samples.schema(),
                    () -> sampling(new Path(scratch, "sampling"))));
        }
        return cases;
    }

    private SamplingWork sampling(Path folder) {
        return new SamplingWork(session.spark(), session.work(), session.config(), folder);
    }

    private Case model(What what, Variant model, Samples samples) {
        ExperimentConfig config = configs.apply(model.overrides());
        return new Case(
                what,
                model.name(),
                null,
                config,
                samples.schema(),
                () -> what == What.TRAIN ? ModelWork.training(config, samples) : ModelWork.scoring(config, samples));
    }

    private Case vocabulary(int buckets) {
        ExperimentConfig config = session.config();
        Samples samples = Samples.clickLog(buckets, config.training().batchSize());
        return new Case(
                What.VOCABULARY,
                config.modelName(),
                buckets,
                config,
                samples.schema(),
                () -> ModelWork.training(config, samples));
    }

    private List<Run> runs(List<Case> cases) {
        List<Run> runs = new ArrayList<>();
        for (int round = 1; round <= plan.rounds(); round++) {
            listener.onDetail("round " + round + " of " + plan.rounds());
            for (Case measured : cases) {
                add(runs, Run.of(round, Run.OURS, measured, ours(measured)));
                if (pytorch.isPresent() && measured.what() != What.SAMPLING) {
                    Measurement theirs = pytorch.get().measure(measured, plan.warmUp(), plan.seconds(), threads);
                    add(runs, Run.of(round, Run.PYTORCH, measured, theirs));
                }
            }
        }
        return runs;
    }

    private void add(List<Run> runs, Run run) {
        runs.add(run);
        listener.onDetail(String.format(
                Locale.ROOT, "%-32s %-12s %,12.0f per second", run.title(), run.system(), run.perSecond()));
    }

    private Measurement ours(Case measured) {
        try (Work work = measured.work().get()) {
            if (plan.warmUp() > 0) {
                Measurement.of(work, plan.warmUp());
            }
            return Measurement.of(work, plan.seconds());
        }
    }

    private Map<String, Object> machine() {
        String device = Devices.choose(session.config().device()).device().getDeviceType();
        Map<String, Object> machine = Machine.describe(device, session.spark().version());
        pytorch.ifPresent(other -> machine.putAll(other.versions()));
        return machine;
    }

    private Map<String, Object> settings() {
        ExperimentConfig config = session.config();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("dataset", config.data().datasetName());
        settings.put("rounds", plan.rounds());
        settings.put("seconds", plan.seconds());
        settings.put("warm_up", plan.warmUp());
        settings.put("training_batch_size", config.training().batchSize());
        settings.put("evaluation_batch_size", config.evaluation().batchSize());
        return settings;
    }
}
