package io.deepfm.training.schedule;

import io.deepfm.config.TrainingConfig;
import io.deepfm.metrics.MonitoredMetric;

/** How the learning rate changes from epoch to epoch; the formulas are PyTorch's. */
public interface LearningRate {

    /**
     * The rate of the coming epoch.
     *
     * @return a positive number
     */
    public double current();

    /**
     * Says how an epoch ended.
     *
     * @param metric the monitored validation metric
     */
    void epochEnded(double metric);

    /** Creates the one that the settings name. */
    static LearningRate create(TrainingConfig config, MonitoredMetric monitored) {
        return switch (config.scheduler()) {
            case REDUCE_ON_PLATEAU ->
                new ReduceOnPlateau(config.lr(), config.schedulerFactor(), config.schedulerPatience(), monitored);
            case COSINE -> new Cosine(config.lr(), config.epochs());
            case NONE -> new Constant(config.lr());
        };
    }

    /**
     * The same rate always.
     *
     * @param current the rate
     */
    record Constant(double current) implements LearningRate {
        @Override
        public void epochEnded(double metric) {}
    }

    /**
     * Half a cosine from the initial rate to 0.
     *
     * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter, SGDR, 2017, equation 5</a>
     */
    final class Cosine implements LearningRate {
        private final double initial;
        private final int epochs;
        private int ended;

        Cosine(double initial, int epochs) {
            this.initial = initial;
            this.epochs = epochs;
        }

        @Override
        public double current() {
            return initial * (1 + Math.cos(Math.PI * ended / epochs)) / 2;
        }

        @Override
        public void epochEnded(double metric) {
            ended++;
        }
    }

    /** Lowers the rate by a factor when the metric has not improved, by a ten-thousandth at least, for some epochs. */
    final class ReduceOnPlateau implements LearningRate {
        private static final double THRESHOLD = 1e-4;
        private static final double SMALLEST_CHANGE = 1e-8;

        private final double factor;
        private final int patience;
        private final MonitoredMetric monitored;
        private double current;
        private double best = Double.NaN;
        private int badEpochs;

        ReduceOnPlateau(double initial, double factor, int patience, MonitoredMetric monitored) {
            this.current = initial;
            this.factor = factor;
            this.patience = patience;
            this.monitored = monitored;
        }

        @Override
        public double current() {
            return current;
        }

        @Override
        public void epochEnded(double metric) {
            // A sum of metrics may be negative.
            double least = THRESHOLD * Math.abs(best);
            double bar = monitored.higherIsBetter() ? best + least : best - least;
            if (monitored.improves(metric, bar)) {
                best = metric;
                badEpochs = 0;
            } else {
                badEpochs++;
            }
            if (badEpochs > patience) {
                double reduced = current * factor;
                if (current - reduced > SMALLEST_CHANGE) {
                    current = reduced;
                }
                badEpochs = 0;
            }
        }
    }
}
