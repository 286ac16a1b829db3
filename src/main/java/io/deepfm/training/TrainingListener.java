package io.deepfm.training;

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
     * Training does not begin with epoch 1, or does so although there is an earlier training's state.
     *
     * @param what where it begins and why
     */
    void onStart(String what);
}
