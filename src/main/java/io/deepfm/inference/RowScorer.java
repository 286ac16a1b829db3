package io.deepfm.inference;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deepfm.model.CtrModel;
import io.deepfm.model.layer.FeatureBatch;
import io.deepfm.model.layer.Pass;
import io.deepfm.schema.FieldGroup;
import java.util.EnumMap;
import java.util.Map;

/** Scores rows that bring all their features along. Threads may share a scorer. */
public final class RowScorer {

    private final NDManager manager;
    private final CtrModel model;

    /**
     * @param manager the manager of the device
     * @param model a model with its weights set
     */
    public RowScorer(NDManager manager, CtrModel model) {
        this.manager = manager;
        this.model = model;
    }

    /**
     * Scores B rows in one forward pass.
     *
     * @param features a table of B rows for each group that the model has fields of
     * @return one logit per row
     */
    public float[] score(Map<FieldGroup, FeatureTable> features) {
        try (NDManager scratch = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Map<FieldGroup, FeatureBatch.Group> groups = new EnumMap<>(FieldGroup.class);
            for (FieldGroup group : model.embedding().groups()) {
                groups.put(group, features.get(group).toDevice(scratch, null));
            }
            return model.forward(new FeatureBatch(groups), Pass.inference()).toFloatArray();
        }
    }
}
