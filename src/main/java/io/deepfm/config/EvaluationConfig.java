package io.deepfm.config;

import java.util.List;

/**
 * Evaluation.
 *
 * @param ks the cut-offs K of HR@K and NDCG@K
 * @param rankingPositives which held-out interactions are ranked
 * @param candidateSeed decides the candidate lists; apart from {@code seed}, so that all runs over a dataset rank the
 *     same lists
 * @param batchSize candidate pairs per forward pass
 * @param baselines the names of the methods that rank the same lists beside the model
 */
public record EvaluationConfig(
        List<Integer> ks,
        RankingPositives rankingPositives,
        long candidateSeed,
        int batchSize,
        List<String> baselines) {

    /** Which held-out interactions are ranked. */
    public enum RankingPositives {
        /** Those with label 1. */
        LABEL,
        /** All of them. */
        INTERACTION
    }

    /**
     * Whether a held-out interaction is ranked.
     *
     * @param label its label
     * @return by {@code ranking_positives}
     */
    public boolean ranks(int label) {
        return label == 1 || rankingPositives == RankingPositives.INTERACTION;
    }

    EvaluationConfig withoutBaselines() {
        return new EvaluationConfig(ks, rankingPositives, candidateSeed, batchSize, List.of());
    }

    /** Checks ranges. */
    public EvaluationConfig {
        ks = List.copyOf(ks);
        baselines = List.copyOf(baselines);
        Require.allAtLeast("ks", ks, 1);
        Require.atLeast("batch_size", batchSize, 1);
    }
}
