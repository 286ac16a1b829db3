package io.deepfm.metrics;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.names.NearestName;
import io.deepfm.config.names.WeightedSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The validation metric that early stopping and the best epoch go by: one value, or a weighted sum of several.
 *
 * @param terms the names of the values, such as {@code HR@10}, and their weights
 * @param higherIsBetter which way is better
 */
public record MonitoredMetric(List<WeightedSum.Term> terms, boolean higherIsBetter) {

    /** Copies the list. */
    public MonitoredMetric {
        terms = List.copyOf(terms);
    }

    /**
     * One value as it stands.
     *
     * @param name its name
     * @param higherIsBetter which way is better
     */
    public MonitoredMetric(String name, boolean higherIsBetter) {
        this(List.of(new WeightedSum.Term(1, name)), higherIsBetter);
    }

    /**
     * The one that {@code training.metric} names.
     *
     * @param config all settings
     * @return a metric each of whose names has exactly one value; a sum is better where it is higher
     * @throws ConfigException if there is no such value, as where K is not in {@code evaluation.ks}, or a sum adds up values
     *     of which some are better where they are lower
     */
    public static MonitoredMetric of(ExperimentConfig config) {
        WeightedSum written = WeightedSum.parse(config.training().metric());
        Set<String> names = new CandidateMetrics(config, 0).values().keySet();
        List<WeightedSum.Term> terms = new ArrayList<>();
        for (WeightedSum.Term term : written.terms()) {
            Metric<?> metric = Metric.registry().get(term.name());
            String name = valueName(metric, term.name(), names);
            if (written.isName()) {
                return new MonitoredMetric(name, metric.higherIsBetter());
            }
            if (metric.higherIsBetter() ? term.weight() <= 0 : term.weight() >= 0) {
                throw new ConfigException(
                        "training.metric = " + config.training().metric() + ": the weight of " + name
                                + " must be " + (metric.higherIsBetter() ? "more" : "less")
                                + " than 0, as a sum is better where it is higher.");
            }
            terms.add(new WeightedSum.Term(term.weight(), name));
        }
        return new MonitoredMetric(terms, true);
    }

    private static String valueName(Metric<?> metric, String written, Set<String> names) {
        int at = written.indexOf('@');
        String name = metric.name() + (at < 0 ? "" : written.substring(at));
        if (!names.contains(name)) {
            throw new ConfigException("training.metric = " + written + ": there is no value of this name. Did you mean "
                    + NearestName.of(name, names) + "? Known: " + String.join(", ", names) + ".");
        }
        return name;
    }

    /**
     * What to call it.
     *
     * @return the name of its value, or the sum as it is written
     */
    public String name() {
        return terms.stream()
                .map(term -> term.weight() == 1 ? term.name() : term.weight() + " * " + term.name())
                .collect(Collectors.joining(" + "));
    }

    /**
     * Its value.
     *
     * @param values of all metrics, by name
     * @return NaN where one that it needs is not there
     */
    public double of(Map<String, Double> values) {
        double sum = 0;
        for (WeightedSum.Term term : terms) {
            sum += term.weight() * values.getOrDefault(term.name(), Double.NaN);
        }
        return sum;
    }

    /**
     * Whether {@code value} is better than {@code best}.
     *
     * @param value a new value
     * @param best the best so far, NaN when there is none
     * @return true if it improves
     */
    public boolean improves(double value, double best) {
        return !Double.isNaN(value) && (Double.isNaN(best) || (higherIsBetter ? value > best : value < best));
    }
}
