package io.deepfm.report;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a model that knows nothing but a rate is worth: the training rows' share of positives, predicted for every held-out row.
 *
 * @param trainRate the share
 * @param valLogloss its log loss on validation, in nats
 * @param testLogloss its log loss on test
 */
public record ConstantRate(double trainRate, double valLogloss, double testLogloss) {

    /**
     * Of the splits' shares of positives.
     *
     * @param trainShare of train, negatives that are sampled left out
     * @param valShare of the held-out rows of validation
     * @param testShare of those of test
     * @return nothing where train has one class, so that there is nothing to predict
     */
    public static Optional<ConstantRate> of(double trainShare, double valShare, double testShare) {
        return trainShare <= 0 || trainShare >= 1
                ? Optional.empty()
                : Optional.of(
                        new ConstantRate(trainShare, logLoss(trainShare, valShare), logLoss(trainShare, testShare)));
    }

    private static double logLoss(double rate, double share) {
        return -share * Math.log(rate) - (1 - share) * Math.log1p(-rate);
    }

    /**
     * Warns of a model that is worse.
     *
     * @param testMetrics the model's
     * @param sampled whether it learned to tell observed rows from sampled ones by the same output
     * @return a sentence or two; nothing of a model that is as good or has no log loss
     */
    public Optional<String> warning(Map<String, Double> testMetrics, boolean sampled) {
        Double model = testMetrics.get("logloss_heldout");
        if (model == null || !(model > testLogloss)) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                        Locale.ROOT,
                        "as probabilities of the label the outputs are worse than a constant: on test logloss_heldout is"
                                + " %.4f, and %.4f where %.3f, the share of positives in train, is predicted for every row.",
                        model,
                        testLogloss,
                        trainRate)
                + (sampled
                        ? " They tell what was observed from sampled negatives; with model.heads = two a head of its own"
                                + " tells the label."
                        : ""));
    }
}
