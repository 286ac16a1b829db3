package io.deepfm.comparison;

import io.deepfm.config.ConfigException;
import io.deepfm.config.EvaluationConfig.RankingPositives;
import io.deepfm.config.names.FlatSettings;
import io.deepfm.report.MetricsCsv;
import io.deepfm.report.Results;
import io.deepfm.report.RunDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * A finished run.
 *
 * @param folder where it is
 * @param results its results
 * @param settings all settings by their whole keys, but for the seed and where files are
 * @param ranks the test split's rankings
 * @param epochs how training went: value by column of {@code metrics.csv}; none where the model is another run's
 */
record ComparedRun(
        Path folder,
        Results results,
        SortedMap<String, Object> settings,
        HeldOutRanks ranks,
        List<Map<String, Double>> epochs) {

    private static final String SEED = "seed";

    /** Settings that decide what is ranked. */
    private static final List<String> CANDIDATES = List.of(
            "data.split_strategy",
            "data.num_neg_eval",
            "data.negatives",
            "data.negatives_exponent",
            "data.label_threshold",
            "evaluation.candidate_seed",
            "evaluation.ranking_positives");

    /** Settings of lists that the dataset brings; where they are is of no matter. */
    private static final String OWN_CANDIDATES = "dataset.candidates.";

    /**
     * Reads a run.
     *
     * @param storage the file systems
     * @param folder an {@code output_dir}
     * @return what it left
     * @throws ConfigException if the folder is no finished run
     */
    static ComparedRun read(Storage storage, Path folder) {
        RunDirectory run = new RunDirectory(folder);
        if (!storage.exists(run.results())) {
            throw new ConfigException(Storage.display(folder)
                    + ": there is no results.json, so it is no finished run. Give the output_dir of a run that ended.");
        }
        Results results = Results.read(storage, run.results());
        SortedMap<String, Object> settings = FlatSettings.of(results.config());
        settings.keySet().removeIf(key -> key.equals(SEED) || FlatSettings.isPlace(key));
        // Earlier versions had uniform negatives alone.
        settings.putIfAbsent("data.negatives", "uniform");
        settings.putIfAbsent("data.negatives_exponent", 0.75);
        List<Map<String, Double>> epochs =
                storage.exists(run.metricsCsv()) ? MetricsCsv.read(storage.readString(run.metricsCsv())) : List.of();
        return new ComparedRun(
                folder, results, settings, HeldOutRanks.read(storage, run.rankings(Tables.TEST)), epochs);
    }

    String name() {
        return folder.getName();
    }

    Object seed() {
        return results.config().get(SEED);
    }

    /**
     * Whether two runs ranked the same items for the same users.
     *
     * @param other another run
     * @throws ConfigException if not; the message says what differs
     */
    void requireSameCandidates(ComparedRun other) {
        Stream<String> own = Stream.of(this, other)
                .flatMap(run -> run.settings.keySet().stream())
                .filter(key -> key.startsWith(OWN_CANDIDATES));
        for (String key : Stream.concat(CANDIDATES.stream(), own).toList()) {
            Object mine = settings.get(key);
            Object its = other.settings.get(key);
            if (!Objects.equals(mine, its)) {
                throw differ(other, key + " = " + mine + " and " + its);
            }
        }
        for (String stage : List.of("ingest", "split")) {
            Object mine = results.data().get(stage);
            Object its = other.results.data().get(stage);
            if (!Objects.equals(mine, its)) {
                throw differ(other, stage + " gave " + mine + " and " + its);
            }
        }
        List<HeldOutRanks.Ranked> lists = ranks.lists();
        List<HeldOutRanks.Ranked> others = other.ranks.lists();
        if (lists.size() != others.size()) {
            throw differ(
                    other,
                    String.format(Locale.ROOT, "%,d and %,d lists in the test split", lists.size(), others.size()));
        }
        for (int i = 0; i < lists.size(); i++) {
            if (!lists.get(i).isOfSameCandidates(others.get(i))) {
                throw differ(other, "other held-out interactions, or other numbers of candidates");
            }
        }
    }

    private ConfigException differ(ComparedRun other, String what) {
        return new ConfigException(
                name() + " and " + other.name() + " cannot be compared, as they did not rank the same" + " candidates: "
                        + what + ". Compare runs over the same data, split and candidates.");
    }

    /** The lists that the ranking metrics are over. */
    Stream<HeldOutRanks.Ranked> ranked() {
        boolean all = RankingPositives.INTERACTION
                .name()
                .equalsIgnoreCase(String.valueOf(settings.get("evaluation.ranking_positives")));
        return ranks.lists().stream().filter(list -> all || list.label() == 1);
    }

    /** The lists that have an AUC. */
    Stream<HeldOutRanks.Ranked> liked() {
        return ranks.lists().stream().filter(list -> list.label() == 1 && list.candidates() > 1);
    }

    /** The cut-offs. */
    List<Integer> ks() {
        return ((List<?>) settings.get("evaluation.ks"))
                .stream().map(k -> ((Number) k).intValue()).toList();
    }
}
