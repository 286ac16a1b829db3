package io.deepfm.metrics;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.NearestName;
import java.util.Set;

/**
 * The validation metric that early stopping and the best epoch go by.
 *
 * @param name the name of its value, such as {@code HR@10}
 * @param higherIsBetter which way is better
 */
public record MonitoredMetric(String name, boolean higherIsBetter) {

    /**
     * The one that {@code training.metric} names.
     *
     * @param config all settings
     * @return a metric that has exactly one value of the name
     * @throws ConfigException if there is no such value, as where K is not in {@code evaluation.ks}
     */
    public static MonitoredMetric of(ExperimentConfig config) {
        String written = config.training().metric();
        Metric<?> metric = Metric.registry().get(written);
        int at = written.indexOf('@');
        String name = metric.name() + (at < 0 ? "" : written.substring(at));
        Set<String> names = new CandidateMetrics(config).values().keySet();
        if (!names.contains(name)) {
            throw new ConfigException("training.metric = " + written + ": there is no value of this name. Did you mean "
                    + NearestName.of(name, names) + "? Known: " + String.join(", ", names) + ".");
        }
        return new MonitoredMetric(name, metric.higherIsBetter());
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
