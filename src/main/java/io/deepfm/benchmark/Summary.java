package io.deepfm.benchmark;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * All runs of one case.
 *
 * @param what what was measured
 * @param model the model's name; null where none takes part
 * @param hashBuckets of the field whose vocabulary is varied; null elsewhere
 * @param systems the runs of each system
 * @param ratio our median of rows per second divided by PyTorch's; null without PyTorch
 * @param ofFirst our median divided by that of the first vocabulary; null elsewhere
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Summary(
        What what, String model, Integer hashBuckets, Map<String, Spread> systems, Double ratio, Double ofFirst) {

    /**
     * Several runs of the same.
     *
     * @param runs how many
     * @param median rows per second
     * @param min the slowest run's
     * @param max the fastest run's
     * @param secondsPerMillion by the clock, per million rows, median
     * @param cpuSecondsPerMillion of all cores, per million rows, median
     */
    public record Spread(
            int runs, double median, double min, double max, double secondsPerMillion, double cpuSecondsPerMillion) {

        static Spread of(List<Run> runs) {
            return new Spread(
                    runs.size(),
                    median(runs, Run::perSecond),
                    runs.stream().mapToDouble(Run::perSecond).min().orElseThrow(),
                    runs.stream().mapToDouble(Run::perSecond).max().orElseThrow(),
                    median(runs, run -> 1e6 * run.seconds() / run.rows()),
                    median(runs, run -> 1e6 * run.cpuSeconds() / run.rows()));
        }

        /** The middle value, or the mean of the two in the middle. */
        private static double median(List<Run> runs, ToDoubleFunction<Run> value) {
            double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    private record Key(What what, String model, Integer hashBuckets) {}

    /**
     * Sums up.
     *
     * @param runs of any cases, of each at least one of ours
     * @return one element per case, in the order of their first runs
     */
    public static List<Summary> of(List<Run> runs) {
        Map<Key, Map<String, List<Run>>> cases = new LinkedHashMap<>();
        for (Run run : runs) {
            cases.computeIfAbsent(new Key(run.what(), run.model(), run.hashBuckets()), key -> new LinkedHashMap<>())
                    .computeIfAbsent(run.system(), system -> new ArrayList<>())
                    .add(run);
        }
        Map<Key, Map<String, Spread>> spreads = new LinkedHashMap<>();
        cases.forEach((key, systems) -> {
            Map<String, Spread> bySystem = new LinkedHashMap<>();
            systems.forEach((system, ofSystem) -> bySystem.put(system, Spread.of(ofSystem)));
            spreads.put(key, bySystem);
        });
        List<Summary> all = new ArrayList<>();
        spreads.forEach((key, systems) -> all.add(new Summary(
                key.what(),
                key.model(),
                key.hashBuckets(),
                systems,
                ratio(systems.get(Run.OURS), systems.get(Run.PYTORCH)),
                key.hashBuckets() == null
                        ? null
                        : ratio(systems.get(Run.OURS), firstVocabulary(spreads.keySet(), spreads)))));
        return all;
    }

    private static Spread firstVocabulary(Collection<Key> keys, Map<Key, Map<String, Spread>> spreads) {
        Key first = keys.stream()
                .filter(key -> key.hashBuckets() != null)
                .findFirst()
                .orElseThrow();
        return spreads.get(first).get(Run.OURS);
    }

    private static Double ratio(Spread one, Spread other) {
        return other == null ? null : one.median() / other.median();
    }

    /** Our runs. */
    Spread ours() {
        return systems.get(Run.OURS);
    }

    /** PyTorch's runs, or null. */
    Spread pytorch() {
        return systems.get(Run.PYTORCH);
    }
}
