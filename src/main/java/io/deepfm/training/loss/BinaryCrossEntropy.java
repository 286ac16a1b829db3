package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.deepfm.config.Extension;

/**
 * Minus the log of the probability that the model gives to what was observed, from logits x and so without overflow.
 *
 * <pre>-y log sigmoid(x) - (1 - y) log(1 - sigmoid(x)) = log(1 + exp(x)) - x y</pre>
 */
public final class BinaryCrossEntropy implements Loss<Extension.NoSettings> {

    /**
     * The loss row by row.
     *
     * @param logits shape (B)
     * @param labels 1 or 0, shape (B)
     * @return shape (B)
     */
    static NDArray ofRows(NDArray logits, NDArray labels) {
        return Activation.softPlus(logits).sub(logits.mul(labels));
    }

    @Override
    public String name() {
        return "binary_cross_entropy";
    }

    @Override
    public Class<NoSettings> settings() {
        return NoSettings.class;
    }

    @Override
    public NDArray of(Predictions predictions, NoSettings settings) {
        return predictions.mean(ofRows(predictions.logits(), predictions.labels()));
    }
}
