package io.deepfm.comparison;

import io.deepfm.comparison.HeldOutRanks.Ranked;
import io.deepfm.config.ConfigException;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs that differ in nothing but their seeds.
 *
 * @param name what the runs' names have in common
 * @param runs at least one
 */
record Setup(String name, List<ComparedRun> runs) {

    /** Mean and standard deviation over runs; the latter is NaN for one run. */
    record Spread(double mean, double deviation) {

        static Spread of(double[] values) {
            double mean = Arrays.stream(values).average().orElse(Double.NaN);
            double squares = Arrays.stream(values)
                    .map(value -> (value - mean) * (value - mean))
                    .sum();
            return new Spread(mean, values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : Double.NaN);
        }
    }

    /**
     * Puts runs of the same settings together, in the order of the first of each.
     *
     * @throws ConfigException if two of them have the same seed too
     */
    static List<Setup> of(List<ComparedRun> runs) {
        Map<SortedMap<String, Object>, List<ComparedRun>> bySettings = new LinkedHashMap<>();
        runs.forEach(run -> bySettings
                .computeIfAbsent(run.settings(), settings -> new ArrayList<>())
                .add(run));
        List<Setup> setups = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (List<ComparedRun> same : bySettings.values()) {
            requireOtherSeeds(same);
            String name = name(same);
            setups.add(new Setup(
                    names.add(name) ? name : Storage.display(same.get(0).folder()), List.copyOf(same)));
        }
        return List.copyOf(setups);
    }

    private static void requireOtherSeeds(List<ComparedRun> runs) {
        Map<Object, ComparedRun> bySeed = new HashMap<>();
        for (ComparedRun run : runs) {
            ComparedRun other = bySeed.put(run.seed(), run);
            if (other != null) {
                throw new ConfigException(Storage.display(other.folder()) + " and "
                        + Storage.display(run.folder())
                        + " have the same settings and the same seed, so they are one run. Give one of them.");
            }
        }
    }

    /** The runs' names without their seeds, if that is one name. */
    private static String name(List<ComparedRun> runs) {
        List<String> names = runs.stream()
                .map(run -> run.name().replaceFirst("[-_.]?" + run.seed() + "$", ""))
                .distinct()
                .toList();
        return runs.size() > 1 && names.size() == 1 && !names.get(0).isEmpty()
                ? names.get(0)
                : runs.get(0).name();
    }

    SortedMap<String, Object> settings() {
        return runs.get(0).settings();
    }

    /** The test metrics over the runs. */
    Map<String, Spread> metrics() {
        Map<String, Spread> metrics = new LinkedHashMap<>();
        for (String name : runs.get(0).results().testMetrics().keySet()) {
            metrics.put(
                    name,
                    Spread.of(runs.stream()
                            .map(run -> run.results().testMetrics().get(name))
                            .mapToDouble(value -> value == null ? Double.NaN : value)
                            .toArray()));
        }
        return metrics;
    }

    /**
     * What each user's lists are worth on average over the runs.
     *
     * @param lists which lists of a run count
     * @param metric what a list is worth
     * @return by the user's index
     */
    SortedMap<Integer, Double> ofUsers(Function<ComparedRun, Stream<Ranked>> lists, ToDoubleFunction<Ranked> metric) {
        return runs.stream()
                .flatMap(lists)
                .collect(Collectors.groupingBy(Ranked::user, TreeMap::new, Collectors.averagingDouble(metric)));
    }
}
