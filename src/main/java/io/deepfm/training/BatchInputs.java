package io.deepfm.training;

import ai.djl.ndarray.NDManager;
import io.deepfm.config.EmbeddingUpdates;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.CtrModel;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.training.shard.Batch;

/** Makes batches the model's input. */
public interface BatchInputs {

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
     * What a step takes.
     *
     * @param batch the rows
     * @param input their input
     */
    record Prepared(Batch batch, Input input) {}

    /**
     * Prepares a batch, without the device: this can be done in the background.
     *
     * @param batch the rows
     * @return its input
     */
    Input prepare(Batch batch);

    /**
     * What suits the way in which embedding tables are updated.
     *
     * @param updates of the step that takes the inputs
     * @param manager of the device
     * @param model its weights are set
     * @param users all users' features
     * @param items all items' features
     * @return makes inputs of batches
     */
    static BatchInputs of(
            EmbeddingUpdates updates, NDManager manager, CtrModel model, FeatureTable users, FeatureTable items) {
        return updates == EmbeddingUpdates.LAZY
                ? new GatheringInputs(model.parameters(), model.schema(), users, items)
                : new ResidentInputs(manager, model.embedding(), users, items);
    }
}
