package io.deepfm.scoring;

import ai.djl.ndarray.NDManager;
import io.deepfm.inference.CandidateScorer;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.io.SavedModel;

/**
 * A {@link CandidateScorer} on its way to the executors.
 *
 * @param model architecture and weights
 * @param users the users' encoded features; null where each user brings features along
 * @param items the items' encoded features
 * @param batchSize the most items per forward pass
 */
record CandidateScorerSource(SavedModel model, FeatureTable users, FeatureTable items, int batchSize)
        implements ExecutorModel.Source<CandidateScorer> {

    @Override
    public CandidateScorer load(NDManager manager) {
        return new CandidateScorer(manager, model.load(manager), users, items, batchSize);
    }
}
