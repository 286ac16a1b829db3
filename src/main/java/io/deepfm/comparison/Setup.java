package io.deepfm.comparison;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * Runs that differ in nothing but their seeds.
 *
 * @param name what the runs' names have in common
 * @param runs at least one
 */
record Setup(String name, List<ComparedRun> runs) {

    /** Mean and standard deviation over runs; the latter is NaN for one run. */
    record Spread(double mean, double deviation) {}

    /** Puts runs of the same settings together, in the order of the first of each. */
    static List<Setup> of(List<ComparedRun> runs) {
        Map<SortedMap<String, Object>, List<ComparedRun>> bySettings = new LinkedHashMap<>();
        runs.forEach(run -> bySettings
                .computeIfAbsent(run.settings(), settings -> new ArrayList<>())
                .add(run));
        return bySettings.values().stream()
                .map(same -> new Setup(name(same), List.copyOf(same)))
                .toList();
    }

    private static String name(List<ComparedRun> runs) {
        String first = runs.get(0).name();
        if (runs.size() == 1) {
            return first;
        }
        int length =
                runs.stream().mapToInt(run -> common(first, run.name())).min().orElseThrow();
        String common = first.substring(0, length).replaceFirst("[-_.0-9]+$", "");
        return common.isEmpty() ? first : common;
    }

    private static int common(String a, String b) {
        int length = 0;
        while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
            length++;
        }
        return length;
    }

    SortedMap<String, Object> settings() {
        return runs.get(0).settings();
    }

    /** The test metrics over the runs. */
    Map<String, Spread> metrics() {
        Map<String, Spread> metrics = new LinkedHashMap<>();
        for (String name : runs.get(0).results().testMetrics().keySet()) {
            SummaryStatistics values = new SummaryStatistics();
            runs.forEach(run -> {
                Double value = run.results().testMetrics().get(name);
                values.addValue(value == null ? Double.NaN : value);
            });
            metrics.put(
                    name, new Spread(values.getMean(), runs.size() > 1 ? values.getStandardDeviation() : Double.NaN));
        }
        return metrics;
    }

    /**
     * What each user's lists are worth on average over the runs.
     *
     * @param metric what a list is worth
     * @return by the user's index
     */
    SortedMap<Integer, Double> ofUsers(ToDoubleFunction<HeldOutRanks.Ranked> metric) {
        SortedMap<Integer, SummaryStatistics> users = new TreeMap<>();
        runs.forEach(
                run -> run.ranked().forEach(list -> users.computeIfAbsent(list.user(), user -> new SummaryStatistics())
                        .addValue(metric.applyAsDouble(list))));
        SortedMap<Integer, Double> means = new TreeMap<>();
        users.forEach((user, values) -> means.put(user, values.getMean()));
        return means;
    }
}
