package io.deepfm.config;

/**
 * What decides a model's architecture, and so what {@code model.json} holds.
 *
 * @param modelName the registered name
 * @param feature embeddings
 * @param fm factorization machine
 * @param dnn deep network
 * @param cin compressed interaction network
 * @param attention field self-attention
 */
public record ModelConfig(
        String modelName,
        FeatureConfig feature,
        FmConfig fm,
        DnnConfig dnn,
        CinConfig cin,
        AttentionConfig attention) {}
