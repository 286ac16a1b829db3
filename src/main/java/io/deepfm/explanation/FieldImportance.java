package io.deepfm.explanation;

import io.deepfm.schema.FieldGroup;
import java.util.Comparator;
import java.util.List;

/**
 * What a metric loses when the values of one field are shuffled (Breiman, Random Forests, 2001, section 10).
 *
 * @param field the field
 * @param group among what its values were shuffled: users, items or, for the context, rows
 * @param lost the metric without shuffling less the one with it, for each repeat; the other way round of a metric that is better where
 *     it is lower
 */
public record FieldImportance(String field, FieldGroup group, List<Double> lost) {

    /** The most important first. */
    public static final Comparator<FieldImportance> LARGEST_FIRST =
            Comparator.comparingDouble(FieldImportance::mean).reversed();

    /**
     * The mean over the repeats.
     *
     * @return above 0 where the field helps
     */
    public double mean() {
        return lost.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
    }

    /**
     * The standard deviation over the repeats.
     *
     * @return NaN of fewer than two
     */
    public double deviation() {
        double mean = mean();
        double squares = lost.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (lost.size() - 1));
    }
}
