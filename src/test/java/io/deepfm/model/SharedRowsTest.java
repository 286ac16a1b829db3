package io.deepfm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Configurations;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.model.io.TensorFile;
import io.deepfm.model.layer.Pass;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A training pass is the same whether rows share what their users, contexts and items are, or bring it themselves. */
class SharedRowsTest {

    private static final DatasetSchema SCHEMA = new DatasetSchema(
            List.of(
                    FieldSchema.sparse("who", FieldGroup.USER, 4, 4),
                    FieldSchema.dense("age", FieldGroup.USER, 2),
                    FieldSchema.sparse("what", FieldGroup.ITEM, 5, 4),
                    FieldSchema.sequence("tags", FieldGroup.ITEM, 4, 2, 2, Combiner.MEAN),
                    FieldSchema.sequence("before", FieldGroup.CONTEXT, 5, 4, 2, Combiner.SQRTN)
                            .sharing("what")),
            "label");
    private static final Map<FieldGroup, FeatureTable> TABLES = new EnumMap<>(Map.of(
            FieldGroup.USER, new FeatureTable(3, new int[] {1, 2, 3}, new float[] {.1f, .2f, -.3f}),
            FieldGroup.ITEM, new FeatureTable(4, new int[] {1, 1, 2, 2, 2, 0, 3, 3, 1, 4, 0, 0}, new float[0]),
            FieldGroup.CONTEXT, new FeatureTable(3, new int[] {1, 2, 3, 0, 0, 0}, new float[0])));
    private static final int[] GROUPS = {0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2};
    private static final int[] ITEMS = {2, 0, 1, 3, 1, 1, 0, 2, 3, 0, 1, 2};

    static Stream<String> models() {
        return Architecture.registry().all().stream().map(Architecture::name);
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsGradientsAndStatisticsAreEqual(String name) {
        Map<String, float[]> shared = pass(name, true);
        pass(name, false).forEach((what, values) -> {
            float largest = 1;
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(shared.get(what)).as(what).containsExactly(values, within(1e-5f * largest));
        });
    }

    /** The logits, the gradients, and all values afterwards, with the statistics that were tracked. */
    private static Map<String, float[]> pass(String name, boolean shares) {
        ModelConfig config = ModelConfig.of(
                Configurations.defaults("model_name=" + name, "dnn.hidden_units=[16,4]", "dnn.dropout=0.1"));
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = Models.create(manager, SCHEMA, config, 3);
            model.seedDropout(5);
            FeatureBatch batch = batch(manager, model, shares);
            Map<String, float[]> found = new HashMap<>();
            try (GradientCollector collector = Engine.getInstance().newGradientCollector();
                    NDScope around = new NDScope();
                    Pass pass = Pass.training()) {
                around.suppressNotUsedWarning();
                model.parameters().block().requireGradients();
                NDArray logits = pass.forward(() -> model.forward(batch, pass));
                NDArray leaf = logits.stopGradient();
                leaf.setRequiresGradient(true);
                collector.backward(leaf.square().sum().add(leaf.sum()));
                pass.backward(logits, leaf.getGradient());
                found.put("logits", logits.toFloatArray());
                found.put(
                        "gradients", model.parameters().block().takeGradients().toFloatArray());
            }
            found.putAll(TensorFile.values(model.parameters().values()));
            return found;
        }
    }

    private static FeatureBatch batch(NDManager manager, CtrModel model, boolean shares) {
        NDArray groupOfRow = manager.create(GROUPS);
        Map<FieldGroup, FeatureBatch.Group> groups = new EnumMap<>(FieldGroup.class);
        TABLES.forEach((group, table) -> {
            int[] rows = group == FieldGroup.ITEM ? ITEMS : GROUPS;
            groups.put(
                    group,
                    shares
                            ? model.embedding()
                                    .prepare(manager, group, table.toDevice(manager, null))
                                    .withRows(rows == GROUPS ? groupOfRow : manager.create(rows))
                            : table.rows(rows).toDevice(manager, null));
        });
        return new FeatureBatch(groups);
    }
}
