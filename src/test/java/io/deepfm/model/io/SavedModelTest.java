package io.deepfm.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Configurations;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.Models;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model takes exactly its own weights. */
class SavedModelTest {

    private final CtrModel model = ModelConfig.of(Configurations.defaults("dnn.hidden_units=[2]"))
            .create(new DatasetSchema(List.of(FieldSchema.sparse("city", FieldGroup.USER, 3, 16)), "clicked"));
    private final Map<String, Tensor> weights = new LinkedHashMap<>();

    @BeforeEach
    void completeWeights() {
        weights.putAll(model.parameters().initial(1, Initializer.XAVIER_UNIFORM));
    }

    @Test
    void completeWeightsAreTaken() {
        Map<String, Tensor> values = SavedModel.checkedValues(model, weights, "file");
        assertThat(values).containsOnlyKeys(weights.keySet());
        assertThat(values.get("bias").values()).isEqualTo(weights.get("bias").values());
    }

    @Test
    void aMissingWeightIsNamed() {
        weights.remove("dnn.0.linear.weight");
        refused("dnn.0.linear.weight is missing");
    }

    @Test
    void anExtraTensorIsNamed() {
        weights.put("dnn.7.linear.bias", weights.get("bias"));
        refused("dnn.7.linear.bias is not a weight of this architecture");
    }

    @Test
    void aWeightOfAnotherShapeIsNamedWithBothShapes() {
        weights.put("dnn.output.weight", Tensor.of(new long[] {2, 1}, new float[2]));
        refused("dnn.output.weight has shape [2, 1], expected [1, 2]");
    }

    @Test
    void aWeightThatIsNotFiniteIsNamed() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            weights.put("bias", Tensor.of(new long[] {1}, new float[] {bad}));
            refused("bias holds a value that is not finite");
        }
    }

    /** When model.json held the sections of all architectures of the day, and there were three. */
    @Test
    void aModelThatAnEarlierProgramStoredGivesItsLogits() {
        Path folder = new Path(getClass().getResource("/models/deepfm").toString());
        SavedModel stored = SavedModel.read(new Storage(new Configuration()), folder);
        assertThat(stored.config().sections().byName()).containsOnlyKeys("model", "feature", "fm", "dnn");
        Map<FieldGroup, FeatureTable> tables = Map.of(
                FieldGroup.USER, new FeatureTable(3, new int[] {1, 4, 0}, new float[0]),
                FieldGroup.ITEM, new FeatureTable(3, new int[] {1, 2, 0, 3, 3, 1, 0, 0, 0}, new float[0]));
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThat(Models.logits(manager, stored.load(manager), tables, false))
                    .containsExactly(new float[] {0.6715677f, -0.3721407f, 0.0f}, within(1e-6f));
        }
    }

    private void refused(String message) {
        assertThatThrownBy(() -> TensorFile.values(SavedModel.checkedValues(model, weights, "x/model.safetensors")))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("x/model.safetensors", message);
    }
}
