package io.deepfm.tuning;

import io.deepfm.metrics.MonitoredMetric;
import io.deepfm.training.EpochResult;
import java.util.List;
import java.util.Optional;

/**
 * How far a trial has come.
 *
 * @param trial what was tried
 * @param epochs how each epoch went, from the first one on
 * @param value the monitored metric's best value so far; NaN for a failed trial
 * @param failure why it has no value
 */
record Outcome(Trial trial, List<EpochResult> epochs, double value, Optional<String> failure) {

    static Outcome of(Trial trial, List<EpochResult> epochs, MonitoredMetric metric) {
        return new Outcome(trial, List.copyOf(epochs), best(epochs, metric), Optional.empty());
    }

    private static double best(List<EpochResult> epochs, MonitoredMetric metric) {
        double best = Double.NaN;
        for (EpochResult epoch : epochs) {
            double value = metric.of(epoch.validation());
            best = metric.improves(value, best) ? value : best;
        }
        return best;
    }

    /** The best value that it had after some epochs. */
    double after(int count, MonitoredMetric metric) {
        return best(epochs.subList(0, Math.min(count, epochs.size())), metric);
    }

    static Outcome failed(Trial trial, String failure) {
        return new Outcome(trial, List.of(), Double.NaN, Optional.of(failure));
    }

    /** The time of training and validation, in seconds. */
    double seconds() {
        return epochs.stream()
                .mapToDouble(epoch -> epoch.trainSeconds() + epoch.validationSeconds())
                .sum();
    }
}
