package io.deepfm.training.schedule;

import io.deepfm.metrics.MonitoredMetric;

/** Remembers the best epoch and says when enough epochs have passed without a better one. */
public final class EarlyStopping {

    private final MonitoredMetric metric;
    private final int patience;
    private double best = Double.NaN;
    private int bestEpoch;
    private int lastEpoch;

    public EarlyStopping(MonitoredMetric metric, int patience) {
        this.metric = metric;
        this.patience = patience;
    }

    /**
     * Says how an epoch ended.
     *
     * @param epoch counted from 1
     * @param value the monitored metric
     * @return whether it is the best so far
     */
    public boolean epochEnded(int epoch, double value) {
        lastEpoch = epoch;
        if (!metric.improves(value, best)) {
            return false;
        }
        best = value;
        bestEpoch = epoch;
        return true;
    }

    public boolean shouldStop() {
        return lastEpoch - bestEpoch >= patience;
    }

    public int bestEpoch() {
        return bestEpoch;
    }
}
