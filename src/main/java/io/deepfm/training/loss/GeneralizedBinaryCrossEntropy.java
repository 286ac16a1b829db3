package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.deepfm.config.DataConfig;
import io.deepfm.config.Require;
import io.deepfm.model.layer.Scale;

/**
 * Binary cross-entropy in which the probability of what has label 1 is raised to a power, against the overconfidence that comes
 * of sampling few negatives of many. The mean is over the rows.
 *
 * <pre>
 * L = -y beta log sigmoid(x) - (1 - y) log(1 - sigmoid(x))
 * beta = alpha (t (1 - 1 / alpha) + 1 / alpha),   alpha = negatives per positive / (items - 1)
 * </pre>
 *
 * <p>With t = 0, beta is 1; with t = 1 it is alpha, which makes up for sampling altogether.
 *
 * @see <a href="https://arxiv.org/abs/2308.07192">Petrov and Macdonald, gSASRec: Reducing Overconfidence in Sequential
 *     Recommendation Trained with Negative Sampling, 2023, equations 9 and 10</a>
 */
public final class GeneralizedBinaryCrossEntropy implements Loss<GeneralizedBinaryCrossEntropy.Settings> {

    /**
     * {@code gbce}.
     *
     * @param calibration t, from 0 to 1
     */
    public record Own(double calibration) {
        /** Checks the range. */
        public Own {
            Require.within("calibration", calibration, 0, 1);
        }
    }

    /** The sections that the loss reads. */
    public record Settings(DataConfig data, Own gbce) {}

    @Override
    public String name() {
        return "gbce";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public boolean needsNegatives() {
        return true;
    }

    @Override
    public NDArray of(Predictions predictions, Settings settings) {
        double beta = beta(
                settings.data().numNegTrain(),
                predictions.items(),
                settings.gbce().calibration());
        NDArray logits = predictions.logits();
        NDArray labels = predictions.labels();
        NDArray positives = Activation.softPlus(logits.neg()).mul(labels);
        NDArray others = Activation.softPlus(logits).mul(labels.neg().add(1f));
        return predictions.mean(Scale.by(positives, beta).add(others));
    }

    static double beta(int negatives, int items, double calibration) {
        double alpha = Math.min(1, negatives / (items - 1.0));
        return 1 - calibration * (1 - alpha);
    }
}
