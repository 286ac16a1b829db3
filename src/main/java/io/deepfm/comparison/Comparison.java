package io.deepfm.comparison;

import io.deepfm.config.ConfigException;
import io.deepfm.storage.Storage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
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
     * How much better a setup is than the first, user by user.
     *
     * @param setup another
     * @return by metric
     */
    Map<String, PairedDifference> differences(Setup setup) {
        Map<String, PairedDifference> differences = new LinkedHashMap<>();
        for (int k : setups.get(0).runs().get(0).ks()) {
            differences.put("HR@" + k, difference(setup, list -> list.hit(k)));
        }
        for (int k : setups.get(0).runs().get(0).ks()) {
            differences.put("NDCG@" + k, difference(setup, list -> list.gain(k)));
        }
        differences.put("gauc", difference(setup, HeldOutRanks.Ranked::auc));
        return differences;
    }

    private PairedDifference difference(Setup setup, ToDoubleFunction<HeldOutRanks.Ranked> metric) {
        SortedMap<Integer, Double> first = setups.get(0).ofUsers(metric);
        return PairedDifference.of(setup.ofUsers(metric).entrySet().stream()
                .mapToDouble(user -> user.getValue() - first.get(user.getKey()))
                .toArray());
    }
}
