package io.deepfm.metrics;

/** The logarithmic loss: minus the log of the probability given to what was observed, in nats. */
public final class LogLoss {

    private LogLoss() {}

    /**
     * The loss of one row, from the logit and so without rounding a probability to 0 or 1.
     *
     * @param logit the model's raw output
     * @param label 1 or 0
     * @return {@code -log(sigmoid(logit))} for label 1, {@code -log(1 - sigmoid(logit))} for label 0
     */
    public static double of(double logit, int label) {
        double toward = label == 1 ? logit : -logit;
        return Math.max(-toward, 0) + Math.log1p(Math.exp(-Math.abs(toward)));
    }
}
