package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.deepfm.config.Extension;

/**
 * Bayesian personalized ranking: minus the log of the probability that the observed item is preferred, mean over its negatives.
 * The mean is over the groups whose observed interaction has label 1.
 *
 * <pre>L = -1/N sum_{j=1..N} log sigmoid(x_0 - x_j)</pre>
 *
 * @see <a href="https://arxiv.org/abs/1205.2618">Rendle et al., BPR: Bayesian Personalized Ranking from Implicit Feedback,
 *     2009, section 4.1</a>
 */
public final class BayesianPersonalizedRanking extends GroupLoss<Extension.NoSettings> {

    @Override
    public String name() {
        return "bpr";
    }

    @Override
    public Class<NoSettings> settings() {
        return NoSettings.class;
    }

    @Override
    NDArray ofGroups(NDArray observed, NDArray sampled, NDArray negatives) {
        NDArray losses = Activation.softPlus(sampled.sub(observed)).mul(negatives);
        int[] axis = {1};
        return losses.sum(axis, true).div(negatives.sum(axis, true).maximum(1f));
    }
}
