package io.deepfm.explanation;

import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.CtrModel;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.model.embedding.FieldParts;
import io.deepfm.schema.FieldGroup;
import java.util.EnumMap;
import java.util.Map;

/** Rows of features on the device of a model. */
final class ModelInput {

    private ModelInput() {}

    /** Owns arrays beside a model's weights until it is closed. */
    static NDManager scratch(CtrModel model) {
        return model.parameters().all().get(0).array().getManager().newSubManager();
    }

    /** What each field brings to rows, of which row i is that of each group's table. */
    static FieldParts parts(CtrModel model, Map<FieldGroup, FeatureTable> features, NDManager scratch) {
        Map<FieldGroup, FeatureBatch.Group> groups = new EnumMap<>(FieldGroup.class);
        features.forEach((group, table) -> groups.put(group, table.toDevice(scratch, null)));
        return model.embedding().parts(groups);
    }
}
