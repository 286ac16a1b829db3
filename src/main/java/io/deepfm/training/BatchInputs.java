package io.deepfm.training;

import ai.djl.ndarray.NDManager;
import io.deepfm.model.layer.FeatureBatch;

/** Makes batches the model's input. */
interface BatchInputs {

    /** The part of a batch's input that is left to the thread that trains, as it needs the device. */
    @FunctionalInterface
    interface Input {
        /**
         * Copies the input to the device.
         *
         * @param manager owns the copies
         * @return of B rows
         */
        FeatureBatch toDevice(NDManager manager);
    }

    /**
     * Prepares a batch, without the device: this can be done in the background.
     *
     * @param batch the rows
     * @return its input
     */
    Input prepare(Batch batch);
}
