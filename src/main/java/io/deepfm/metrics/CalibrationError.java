package io.deepfm.metrics;

import io.deepfm.config.Extension;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.Map;

/**
 * The expected calibration error of the held-out interactions alone (Naeini, Cooper and Hauskrecht, Obtaining well calibrated
 * probabilities using Bayesian binning, AAAI 2015): ten bins of equal width, [0, 0.1) to [0.9, 1], by the probability of label 1; the
 * mean over the interactions of the difference, in their bin, between the mean probability and the share of label 1.
 */
public final class CalibrationError implements Metric<Extension.NoSettings> {

    private static final int BINS = 10;

    @Override
    public String name() {
        return "ece_heldout";
    }

    @Override
    public Class<NoSettings> settings() {
        return NoSettings.class;
    }

    @Override
    public boolean higherIsBetter() {
        return false;
    }

    @Override
    public boolean needsNegatives() {
        return false;
    }

    @Override
    public Tally start(NoSettings settings, int catalogue) {
        return new Tally() {
            private long lists;
            /** For each bin the sum of its probabilities less that of its labels. */
            private final double[] surplus = new double[BINS];

            @Override
            public void add(Summary list) {
                lists++;
                double probability = Sigmoid.of(list.likeLogit());
                // What is not a number is in the first bin, and makes the result NaN, too.
                surplus[(int) Math.min(probability * BINS, BINS - 1)] += probability - list.label();
            }

            @Override
            public Map<String, Double> values() {
                double sum = 0;
                for (double each : surplus) {
                    sum += Math.abs(each);
                }
                return Map.of(name(), sum / lists);
            }
        };
    }
}
