package io.deepfm.training;

import io.deepfm.config.EmbeddingUpdates;
import io.deepfm.model.io.SavedModel;
import java.util.List;

/**
 * How a training went.
 *
 * @param bestEpoch the epoch whose weights were kept
 * @param epochs all epochs in order
 * @param parameters the number of trained weights
 * @param embeddingUpdates which rows of the embedding tables its steps moved, all or the batches'
 * @param model the best epoch's
 */
public record TrainingResult(
        int bestEpoch,
        List<EpochResult> epochs,
        long parameters,
        EmbeddingUpdates embeddingUpdates,
        SavedModel model) {}
