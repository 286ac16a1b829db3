package io.deepfm.tuning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of the differences between values a grouping explains: the share of their variance that lies between the groups,
 * less what as many groups by chance would take (epsilon squared; Kelley, An unbiased correlation ratio measure, PNAS 1935).
 */
final class Importance {

    private Importance() {}

    /**
     * The share.
     *
     * @param groups the group of each value
     * @param values the values
     * @return from 0 to 1; 0 where there is one group, or no more values than groups
     */
    static double of(List<String> groups, List<Double> values) {
        Map<String, List<Double>> byGroup = new TreeMap<>();
        for (int i = 0; i < groups.size(); i++) {
            byGroup.computeIfAbsent(groups.get(i), group -> new ArrayList<>()).add(values.get(i));
        }
        int free = values.size() - byGroup.size();
        double total = squares(values);
        if (byGroup.size() < 2 || free < 1 || total == 0) {
            return 0;
        }
        double within =
                byGroup.values().stream().mapToDouble(Importance::squares).sum();
        double between = total - within;
        return Math.max(0, (between - (byGroup.size() - 1) * within / free) / total);
    }

    /** The sum of the squared differences to the mean. */
    private static double squares(Collection<Double> values) {
        double mean = values.stream().mapToDouble(value -> value).average().orElse(0);
        return values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
    }
}
