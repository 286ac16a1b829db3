package io.deepfm.comparison;

import io.deepfm.comparison.HeldOutRanks.Ranked;
import io.deepfm.config.ConfigException;
import io.deepfm.metrics.Metric;
import io.deepfm.storage.Storage;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * Runs side by side.
 *
 * @param setups runs of the same settings together; the first is what the others are compared with
 */
public record Comparison(List<Setup> setups) {

    /**
     * Reads runs.
     *
     * @param storage the file systems
     * @param folders their {@code output_dir}s
     * @return the comparison
     * @throws ConfigException if one is no finished run, or they did not rank the same candidates
     */
    public static Comparison of(Storage storage, List<Path> folders) {
        List<ComparedRun> runs = folders.stream()
                .map(folder -> ComparedRun.read(storage, folder))
                .toList();
        runs.forEach(run -> runs.get(0).requireSameCandidates(run));
        if (runs.get(0).ranked().findAny().isEmpty()) {
            throw new ConfigException(runs.get(0).name()
                    + ": no user is ranked in the test split, so that there is nothing" + " to compare user by user.");
        }
        return new Comparison(Setup.of(runs));
    }

    /** The keys of settings that are not the same in all setups, each with its value in each setup; null where it is not set. */
    SortedMap<String, List<Object>> differingSettings() {
        SortedMap<String, List<Object>> differing = new TreeMap<>();
        setups.stream()
                .flatMap(setup -> setup.settings().keySet().stream())
                .distinct()
                .forEach(key -> {
                    List<Object> values = setups.stream()
                            .map(setup -> setup.settings().get(key))
                            .collect(Collectors.toList());
                    if (values.stream().anyMatch(value -> !Objects.equals(value, values.get(0)))) {
                        differing.put(key, values);
                    }
                });
        return differing;
    }

    /**
     * Whether no other setup is better on average.
     *
     * @param setup one of several
     * @param metric such as {@code HR@10}
     * @return false where all are equal, or there is no telling which way is better
     */
    boolean isBest(Setup setup, String metric) {
        String name = metric.split("@", 2)[0];
        Optional<Boolean> higherIsBetter = Metric.registry().all().stream()
                .filter(known -> known.name().equals(name))
                .<Boolean>map(Metric::higherIsBetter)
                .findFirst();
        if (higherIsBetter.isEmpty()) {
            return false;
        }
        double sign = higherIsBetter.get() ? 1 : -1;
        double[] values = setups.stream()
                .map(one -> one.metrics().get(metric))
                .mapToDouble(spread -> spread == null ? Double.NaN : sign * spread.mean())
                .filter(value -> !Double.isNaN(value))
                .toArray();
        Setup.Spread own = setup.metrics().get(metric);
        DoubleSummaryStatistics all = Arrays.stream(values).summaryStatistics();
        return own != null && all.getMax() > all.getMin() && sign * own.mean() == all.getMax();
    }

    /**
     * How much better a setup is than the first, user by user.
     *
     * @param setup another
     * @return by metric
     */
    Map<String, PairedDifference> differences(Setup setup) {
        Map<String, PairedDifference> differences = new LinkedHashMap<>();
        for (int k : setups.get(0).runs().get(0).ks()) {
            put(differences, "HR@" + k, difference(setup, ComparedRun::ranked, list -> list.hit(k)));
        }
        for (int k : setups.get(0).runs().get(0).ks()) {
            put(differences, "NDCG@" + k, difference(setup, ComparedRun::ranked, list -> list.gain(k)));
        }
        put(differences, "gauc", difference(setup, ComparedRun::liked, Ranked::auc));
        return differences;
    }

    private static void put(Map<String, PairedDifference> differences, String metric, double[] ofUsers) {
        if (ofUsers.length > 0) {
            differences.put(metric, PairedDifference.of(ofUsers));
        }
    }

    private double[] difference(
            Setup setup, Function<ComparedRun, Stream<Ranked>> lists, ToDoubleFunction<Ranked> metric) {
        SortedMap<Integer, Double> first = setups.get(0).ofUsers(lists, metric);
        return setup.ofUsers(lists, metric).entrySet().stream()
                .mapToDouble(user -> user.getValue() - first.get(user.getKey()))
                .toArray();
    }
}
