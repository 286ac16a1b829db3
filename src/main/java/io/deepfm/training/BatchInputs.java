package io.deepfm.training;

import ai.djl.ndarray.NDManager;
import io.deepfm.config.EmbeddingUpdates;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.CtrModel;
import io.deepfm.model.layer.FeatureBatch;
import io.deepfm.model.layer.Parameters;

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
     * Prepares a batch, without the device: this can be done in the background.
     *
     * @param batch the rows
     * @return its input
     */
    Input prepare(Batch batch);

    /**
     * What suits the way in which embedding tables are updated.
     *
     * @param config says how they are
     * @param manager of the device
     * @param model its weights are set
     * @param users all users' features
     * @param items all items' features
     * @return makes inputs for a {@link TrainingStep} of the same model
     */
    static BatchInputs of(
            ExperimentConfig config, NDManager manager, CtrModel model, FeatureTable users, FeatureTable items) {
        Parameters parameters = model.parameters();
        return config.training().embeddingUpdates().of(parameters.tableCount()) == EmbeddingUpdates.LAZY
                ? new GatheringInputs(parameters, model.schema(), users, items)
                : new ResidentInputs(manager, users, items);
    }
}
