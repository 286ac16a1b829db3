package io.deepfm.tuning;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.space.SearchSpace;
import io.deepfm.job.progress.JobListener;
import io.deepfm.metrics.MonitoredMetric;
import io.deepfm.report.Results;
import io.deepfm.report.html.Page;
import io.deepfm.storage.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Looks for the settings with the best validation metric. What a search that was stopped has trained, it does not train
 * again.
 *
 * <p>Its folder has {@code trials/}, each trial an ordinary run directory, {@code trials.csv}, {@code best.conf} and {@code tune.html}.
 */
public final class Search {

    /** Settings that are the search's own, or without which values of two trials mean different things. */
    private static final Set<String> NOT_SEARCHED =
            Set.of("seed", "device", "output_dir", "work_dir", "training.metric", "training.epochs");

    /** Of a section that decides what is measured, the settings that decide training alone. */
    private static final Map<String, Set<String>> SEARCHED_OF = Map.of(
            "evaluation", Set.of(),
            "data", Set.of("num_neg_train", "negatives_for", "pair_weight", "shard_rows"),
            "dataset", Set.of("features", "feature_defaults"));

    private final Plan plan;
    private final SearchSpace space;
    private final ExperimentConfig config;
    private final MonitoredMetric metric;
    private final org.apache.hadoop.fs.Path folder;
    private final Storage storage;
    private final JobListener listener;
    private final TrialRuns runs;
    private final Map<String, Outcome> outcomes = new LinkedHashMap<>();

    /**
     * @param plan how to search
     * @param space what varies
     * @param settings the settings of the configuration under further overrides
     * @param storage the file systems
     * @param master Spark's master where spark-submit gives none; may be null
     * @param listener who hears of each trial
     * @throws ConfigException if the space has a setting that cannot be searched
     */
    public Search(
            Plan plan,
            SearchSpace space,
            Function<List<String>, ExperimentConfig> settings,
            Storage storage,
            String master,
            JobListener listener) {
        this.plan = plan;
        this.space = space;
        this.config = settings.apply(List.of());
        this.metric = MonitoredMetric.of(config);
        this.folder = storage.qualified(new org.apache.hadoop.fs.Path(config.outputDir()));
        this.storage = storage;
        this.listener = listener;
        this.runs = new TrialRuns(settings, new org.apache.hadoop.fs.Path(folder, "trials"), master, listener);
        space.settings().stream()
                .map(SearchSpace.Setting::key)
                .filter(key -> !isSearched(key))
                .findFirst()
                .ifPresent(key -> {
                    throw new ConfigException("The space's " + key
                            + " cannot be searched: its trials would be measured in different ways, or it is the"
                            + " search's own. Set it in the configuration.");
                });
    }

    private static boolean isSearched(String key) {
        String[] path = key.split("[.]", 3);
        Set<String> searched = SEARCHED_OF.get(path[0]);
        return searched == null ? !NOT_SEARCHED.contains(key) : path.length > 1 && searched.contains(path[1]);
    }

    /**
     * What was found.
     *
     * @param trial the name of the chosen trial
     * @param settings its settings, for people
     * @param validation its monitored metric, the mean over its seeds
     * @param results its metrics on validation and test
     */
    public record Found(String trial, String settings, double validation, Results results) {}

    /**
     * Searches.
     *
     * @param file the configuration file, which {@code best.conf} includes
     * @param overrides those of the command line
     * @return the chosen trial, the only one that is measured on test
     * @throws ConfigException if no trial can be trained
     */
    public Found run(Path file, List<String> overrides) {
        int epochs = config.training().epochs();
        List<Trial> going = plan.trials(space, config.seed());
        List<Integer> rungs = plan.rungs(epochs);
        for (int rung : rungs) {
            going.forEach(trial -> advance(trial, rung));
            List<Trial> ranked = ranked(going);
            going = ranked.subList(0, rung == epochs ? ranked.size() : (ranked.size() + 1) / 2);
            if (rung < epochs) {
                listener.onDetail("going on: " + going.size());
            }
        }
        List<Trial> finalists = going.subList(0, Math.min(plan.finalists(), going.size()));
        Map<Trial, Double> means = new LinkedHashMap<>();
        finalists.forEach(trial -> means.put(trial, meanOverSeeds(trial, epochs)));
        Trial best = finalists.stream()
                .max(Comparator.comparingDouble(trial -> goodness(means.get(trial))))
                .orElseThrow();
        storage.write(
                new org.apache.hadoop.fs.Path(folder, "best.conf"),
                new BestConf(file, overrides, folder, best).text(metric, means.get(best), plan.seeds()));
        Results results = runs.test(best);
        storage.write(
                new org.apache.hadoop.fs.Path(folder, "tune.html"),
                page(rungs.get(0), best, means.get(best)).toHtml());
        return new Found(best.name(), best.description(), means.get(best), results);
    }

    private Page page(int rung, Trial best, double mean) {
        List<Outcome> drawn = outcomes.values().stream()
                .filter(outcome ->
                        outcome.failure().isEmpty() && outcome.trial().seed() == config.seed())
                .toList();
        String about = String.format(
                Locale.ROOT,
                "%d trials. The chosen one is %s, with %s %.4f on validation, the mean over %d seeds: %s.",
                drawn.size(),
                best.name(),
                metric.name(),
                mean,
                plan.seeds(),
                best.description());
        return new SearchPage(space, metric, rung, drawn, outcomes.get(best.name()), about).page();
    }

    private double meanOverSeeds(Trial trial, int epochs) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < plan.seeds(); i++) {
            Trial repeated = i == 0 ? trial : trial.withSeed(trial.seed() + i);
            values.add(
                    i == 0
                            ? outcomes.get(trial.name()).value()
                            : advance(repeated, epochs).value());
        }
        return values.stream().mapToDouble(value -> value).average().orElseThrow();
    }

    private Outcome advance(Trial trial, int epochs) {
        long start = System.nanoTime();
        Outcome outcome = runs.advance(trial, epochs);
        outcomes.put(trial.name(), outcome);
        storage.write(
                new org.apache.hadoop.fs.Path(folder, "trials.csv"), TrialsCsv.of(outcomes.values(), space, metric));
        String reached = outcome.failure()
                .map(failure -> "failed: " + failure)
                .orElseGet(() -> String.format(
                        Locale.ROOT,
                        "%s %.4f, epoch %2d",
                        metric.name(),
                        outcome.value(),
                        outcome.epochs().size()));
        listener.onStage(trial.name(), reached + "   " + trial.description(), (System.nanoTime() - start) / 1e9, false);
        return outcome;
    }

    /** Those that did not fail, the best first; of equals the earlier. */
    private List<Trial> ranked(List<Trial> trials) {
        List<Trial> ranked = trials.stream()
                .filter(trial -> outcomes.get(trial.name()).failure().isEmpty())
                .sorted(Comparator.comparingDouble(
                        trial -> -goodness(outcomes.get(trial.name()).value())))
                .toList();
        if (ranked.isEmpty()) {
            throw new ConfigException("All trials failed. The first: "
                    + outcomes.values().stream()
                            .flatMap(outcome -> outcome.failure().stream())
                            .findFirst()
                            .orElse("there is none"));
        }
        return ranked;
    }

    /** Higher is better; what is not a number is worst. */
    private double goodness(double value) {
        double goodness = metric.higherIsBetter() ? value : -value;
        return Double.isNaN(goodness) ? Double.NEGATIVE_INFINITY : goodness;
    }
}
