package io.deepfm.training;

import io.deepfm.model.SavedModel;

/** Hears of a training's progress. */
public interface TrainingListener {

    /**
     * Some rows of an epoch have been trained on.
     *
     * @param epoch counted from 1
     * @param done rows so far
     * @param rows rows in all
     */
    void onRows(int epoch, long done, long rows);

    /**
     * An epoch is over.
     *
     * @param result how it went
     */
    void onEpoch(EpochResult result);

    /**
     * The epoch just over is the best so far.
     *
     * @param model its weights
     */
    void onBest(SavedModel model);
}
