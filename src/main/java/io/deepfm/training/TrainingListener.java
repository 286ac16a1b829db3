package io.deepfm.training;

/** Hears of a training's progress. */
public interface TrainingListener {

    /**
     * Some rows of an epoch have been trained on.
     *
     * @param epoch counted from 1
     * @param done rows so far; 0 when the epoch begins
     * @param rows rows in all
     * @param loss the mean loss of the rows so far, or of most of them; NaN at the beginning
     */
    void onRows(int epoch, long done, long rows, double loss);

    /**
     * An epoch is over.
     *
     * @param result how it went
     */
    void onEpoch(EpochResult result);

    /**
     * Training goes on from a checkpoint.
     *
     * @param epoch the epoch that it is of
     */
    default void onResume(int epoch) {
        onStart("resuming after epoch " + epoch);
    }

    /**
     * Training does not begin with epoch 1, or does so although there is an earlier training's state.
     *
     * @param what where it begins and why
     */
    void onStart(String what);
}
