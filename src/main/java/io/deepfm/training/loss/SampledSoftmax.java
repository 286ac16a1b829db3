package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;
import io.deepfm.config.Extension;

/**
 * Minus the log of the share that the observed item has among itself and its N negatives, which are sampled uniformly, so that
 * no correction is due. The mean is over the groups whose observed interaction has label 1.
 *
 * <pre>L = -log(exp(x_0) / sum_{j=0..N} exp(x_j)) = log(1 + sum_{j=1..N} exp(x_j - x_0))</pre>
 *
 * @see <a href="https://arxiv.org/abs/2201.02327">Wu et al., On the Effectiveness of Sampled Softmax Loss for Item
 *     Recommendation, 2022, equation 3</a>
 */
public final class SampledSoftmax extends GroupLoss<Extension.NoSettings> {

    @Override
    public String name() {
        return "sampled_softmax";
    }

    @Override
    public Class<NoSettings> settings() {
        return NoSettings.class;
    }

    @Override
    NDArray ofGroups(NDArray observed, NDArray sampled, NDArray negatives) {
        NDArray all = observed.concat(sampled, 1);
        return all.logSoftmax(1).split(new long[] {1}, 1).get(0).neg();
    }
}
