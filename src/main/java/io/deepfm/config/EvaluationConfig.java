package io.deepfm.config;

import java.util.List;

/**
 * Evaluation.
 *
 * @param ks the cut-offs K of HR@K, NDCG@K and the other metrics with one
 * @param rankingPositives which held-out interactions are ranked
 * @param candidateSeed decides the candidate lists; apart from {@code seed}, so that all runs over a dataset rank the
 *     same lists
 * @param batchSize candidate pairs per forward pass
 * @param validationUsers how many users validation after an epoch is over, 0 for all; chosen by {@code candidateSeed}
 * @param history what the histories of test rows are made of
 * @param baselines the names of the methods that rank the same lists beside the model
 * @param labelBaselines those for a dataset without users and items, where nothing is ranked
 */
public record EvaluationConfig(
        List<Integer> ks,
        RankingPositives rankingPositives,
        long candidateSeed,
        int batchSize,
        int validationUsers,
        History history,
        List<String> baselines,
        List<String> labelBaselines) {

    /** Which interactions before a test row its history features see. */
    public enum History {
        /** Those of train and of validation: all that is known by then. */
        BEFORE,
        /** Those of train alone. */
        TRAIN
    }

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

    /**
     * How many of a ranking's first items metrics look at.
     *
     * @return the largest K; 0 without any
     */
    public int largestK() {
        return ks.stream().mapToInt(k -> k).max().orElse(0);
    }

    /** These settings without what concerns the test split alone, and what is measured beside the model. */
    EvaluationConfig ofTraining() {
        return new EvaluationConfig(
                ks, rankingPositives, candidateSeed, batchSize, validationUsers, History.BEFORE, List.of(), List.of());
    }

    EvaluationConfig withoutBaselines() {
        return new EvaluationConfig(
                ks, rankingPositives, candidateSeed, batchSize, validationUsers, history, List.of(), List.of());
    }

    /** Checks ranges. */
    public EvaluationConfig {
        ks = List.copyOf(ks);
        baselines = List.copyOf(baselines);
        labelBaselines = List.copyOf(labelBaselines);
        Require.allAtLeast("ks", ks, 1);
        Require.atLeast("batch_size", batchSize, 1);
        Require.atLeast("validation_users", validationUsers, 0);
    }
}
