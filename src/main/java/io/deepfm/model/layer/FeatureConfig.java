package io.deepfm.model.layer;

import io.deepfm.config.Require;

/**
 * Embeddings.
 *
 * @param embeddingL2Reg lambda of the penalty lambda * sum(w^2) over all embedding tables
 * @param fmEmbedDim the common dimension to which fields are projected for FM, CIN and attention
 */
public record FeatureConfig(double embeddingL2Reg, int fmEmbedDim) {
    /** Checks ranges. */
    public FeatureConfig {
        Require.atLeast("embedding_l2_reg", embeddingL2Reg, 0);
        Require.atLeast("fm_embed_dim", fmEmbedDim, 1);
    }
}
