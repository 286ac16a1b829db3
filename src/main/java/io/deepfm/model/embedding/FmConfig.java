package io.deepfm.model.embedding;

/**
 * The factorization machine.
 *
 * @param useFirstOrder whether the linear term takes part
 * @param useSecondOrder whether the pairwise interactions take part
 */
public record FmConfig(boolean useFirstOrder, boolean useSecondOrder) {}
