package io.deepfm.model.interaction;

import io.deepfm.config.Require;
import java.util.List;

/**
 * The field self-attention of AttentionDeepFM.
 *
 * @param numHeads the number of heads
 * @param attentionDim the width of queries, keys and values over all heads
 * @param numLayers the number of stacked layers
 * @param useResidual whether a layer's input is added to its output before the normalization
 */
public record AttentionConfig(int numHeads, int attentionDim, int numLayers, boolean useResidual) {
    /** Checks ranges. */
    public AttentionConfig {
        Require.atLeast("num_heads", numHeads, 1);
        Require.atLeast("attention_dim", attentionDim, 1);
        Require.atLeast("num_layers", numLayers, 1);
        Require.fit(
                attentionDim % numHeads == 0,
                List.of("attention_dim", "num_heads"),
                "must be divisible by num_heads (" + numHeads + "), found " + attentionDim);
    }
}
