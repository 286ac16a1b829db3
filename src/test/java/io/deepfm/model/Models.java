package io.deepfm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Logits;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import java.util.EnumMap;
import java.util.Map;

/** Small models for tests. */
public final class Models {

    private Models() {}

    /** A model with the initial values of a seed. */
    public static CtrModel create(NDManager manager, DatasetSchema schema, ModelConfig config, long seed) {
        CtrModel model = config.create(schema);
        model.parameters().set(manager, model.parameters().initial(seed, Initializer.XAVIER_UNIFORM));
        return model;
    }

    /** A batch whose row i is row i of each table. */
    public static FeatureBatch batch(NDManager manager, Map<FieldGroup, FeatureTable> tables) {
        Map<FieldGroup, FeatureBatch.Group> groups = new EnumMap<>(FieldGroup.class);
        tables.forEach((group, table) -> groups.put(group, table.toDevice(manager, null)));
        return new FeatureBatch(groups);
    }

    /** Logits of the rows of the tables. */
    public static float[] logits(
            NDManager manager, CtrModel model, Map<FieldGroup, FeatureTable> tables, boolean training) {
        return model.forward(batch(manager, tables), training ? Pass.training() : Pass.inference())
                .toFloatArray();
    }

    /** Logits of pairs of rows of the user and the item table. */
    public static float[] logits(
            NDManager manager, CtrModel model, Map<FieldGroup, FeatureTable> tables, int[] users, int[] items) {
        Map<FieldGroup, FeatureBatch.Group> groups = new EnumMap<>(FieldGroup.class);
        NDArray userIndices = manager.create(users);
        NDArray itemIndices = manager.create(items);
        groups.put(FieldGroup.USER, tables.get(FieldGroup.USER).toDevice(manager, userIndices));
        groups.put(FieldGroup.ITEM, tables.get(FieldGroup.ITEM).toDevice(manager, itemIndices));
        return model.forward(new FeatureBatch(groups), Pass.inference()).toFloatArray();
    }

    /** Logits row by row, as a forward pass gives them. */
    public static float[] rows(Logits logits) {
        if (logits.interact() == logits.like()) {
            return logits.ranking();
        }
        float[] rows = new float[2 * logits.interact().length];
        for (int i = 0; i < logits.interact().length; i++) {
            rows[2 * i] = logits.interact()[i];
            rows[2 * i + 1] = logits.like()[i];
        }
        return rows;
    }
}
