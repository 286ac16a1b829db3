package io.deepfm.metrics;

/** A logit's probability. */
final class Sigmoid {

    private Sigmoid() {}

    /**
     * The probability.
     *
     * @param logit the model's raw output
     * @return from 0 to 1; NaN of NaN
     */
    static double of(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
