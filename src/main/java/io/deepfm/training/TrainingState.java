package io.deepfm.training;

import io.deepfm.model.parameter.Tensor;
import io.deepfm.training.optimizer.WeightUpdates;
import java.util.List;
import java.util.Map;

/**
 * All that a training needs to go on after an epoch.
 *
 * <p>Nothing else need be kept: dropout, negatives and the order of rows are functions of the seed and the epoch, and
 * the learning rate and early stopping are functions of the epochs' results.
 *
 * @param epochs the results of all epochs so far, in order
 * @param weights the model's weights and batch-norm statistics by name
 * @param updates what the optimizer has gathered
 */
record TrainingState(List<EpochResult> epochs, Map<String, Tensor> weights, WeightUpdates.State updates) {

    TrainingState {
        epochs = List.copyOf(epochs);
    }

    /** The epoch after which this is. */
    int epoch() {
        return epochs.size();
    }

    /** The best epoch so far. */
    int bestEpoch() {
        return epochs.stream()
                .filter(EpochResult::best)
                .mapToInt(EpochResult::epoch)
                .max()
                .orElse(0);
    }
}
