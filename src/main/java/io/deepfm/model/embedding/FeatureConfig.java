package io.deepfm.model.embedding;

import io.deepfm.config.Default;
import io.deepfm.config.Require;
import io.deepfm.model.parameter.Initializer;

/**
 * Embeddings.
 *
 * @param embeddingInit how the initial values of vectors and linear terms are drawn
 * @param embeddingInitScale their standard deviation where they are normal, their bound where they are uniform; the bound
 *     of Xavier's follows from a table's shape
 * @param embeddingL2Reg lambda of the penalty lambda * sum(w^2) over all embedding tables
 * @param fmEmbedDim the common dimension to which fields are projected for FM, CIN and attention
 */
public record FeatureConfig(
        @Default("xavier_uniform") EmbeddingInit embeddingInit,
        @Default("1e-2") double embeddingInitScale,
        double embeddingL2Reg,
        int fmEmbedDim) {

    /** The distributions of initial values. */
    public enum EmbeddingInit {
        XAVIER_UNIFORM,
        NORMAL,
        UNIFORM
    }

    /** Checks ranges. */
    public FeatureConfig {
        Require.above("embedding_init_scale", embeddingInitScale, 0);
        Require.atLeast("embedding_l2_reg", embeddingL2Reg, 0);
        Require.atLeast("fm_embed_dim", fmEmbedDim, 1);
    }

    /**
     * Draws the initial values of vectors and linear terms.
     *
     * @return for a table, of all rows but that of OOV
     */
    public Initializer initializer() {
        return switch (embeddingInit) {
            case XAVIER_UNIFORM -> Initializer.XAVIER_UNIFORM;
            case NORMAL -> Initializer.normal(embeddingInitScale);
            case UNIFORM -> Initializer.uniform(embeddingInitScale);
        };
    }
}
