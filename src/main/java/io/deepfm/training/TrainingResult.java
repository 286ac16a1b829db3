package io.deepfm.training;

import java.util.List;

/**
 * How a training went.
 *
 * @param bestEpoch the epoch whose weights were kept
 * @param epochs all epochs in order
 * @param parameters the number of trained weights
 */
public record TrainingResult(int bestEpoch, List<EpochResult> epochs, long parameters) {

    /**
     * The epoch whose weights were kept.
     *
     * @return its result
     */
    public EpochResult best() {
        return epochs.get(bestEpoch - 1);
    }
}
