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
import io.deepfm.model.parameter.Parameter;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

    static Stream<Arguments> settings() {
        return Architecture.registry().all().stream().flatMap(model -> Stream.of("one", "two")
                .flatMap(heads -> Stream.of(ITEMS.length, 3).map(rows -> Arguments.of(model.name(), heads, rows))));
    }

    /** Of three rows, tables have more. */
    @ParameterizedTest
    @MethodSource("settings")
    void logitsGradientsAndStatisticsAreEqual(String name, String heads, int rows) {
        Map<String, float[]> shared = pass(name, heads, rows, true);
        pass(name, heads, rows, false).forEach((what, values) -> {
            float largest = 0.1f;
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(shared.get(what)).as(what).containsExactly(values, within(1e-4f * largest));
        });
    }

    /** The logits, the gradients, and all values afterwards, with the statistics that were tracked. */
    private static Map<String, float[]> pass(String name, String heads, int rows, boolean shares) {
        ModelConfig config = ModelConfig.of(Configurations.defaults(
                "model_name=" + name, "model.heads=" + heads, "dnn.hidden_units=[16,4]", "dnn.dropout=0.1"));
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = Models.create(manager, SCHEMA, config, 3);
            model.seedDropout(5);
            FeatureBatch batch = batch(manager, model, rows, shares);
            Map<String, float[]> found = new HashMap<>();
            try (GradientCollector collector = Engine.getInstance().newGradientCollector();
                    NDScope around = new NDScope();
                    Pass pass = Pass.training()) {
                around.suppressNotUsedWarning();
                model.parameters().block().requireGradients();
                NDArray logits = pass.forward(() -> model.forward(batch, pass));
                NDArray leaf = logits.stopGradient();
                leaf.setRequiresGradient(true);
                JavaMemory.overwriteWhatIsFree();
                collector.backward(leaf.square().sum().add(leaf.sum()));
                pass.backward(logits, leaf.getGradient());
                found.put("logits", logits.toFloatArray());
                float[] gradients = model.parameters().block().takeGradients().toFloatArray();
                int end = 0;
                for (Parameter parameter : model.parameters().block().parameters()) {
                    int start = end;
                    end += (int) parameter.shape().size();
                    found.put("gradient of " + parameter.name(), Arrays.copyOfRange(gradients, start, end));
                }
            }
            found.putAll(TensorFile.values(model.parameters().values()));
            return found;
        }
    }

    /** As training has them; the engine keeps a pointer to them alone. */
    private static NDArray numbers(NDManager manager, int[] rows) {
        return manager.create(FeatureBatch.rowNumbers(rows));
    }

    private static FeatureBatch batch(NDManager manager, CtrModel model, int size, boolean shares) {
        int[] groupOfRow = Arrays.copyOf(GROUPS, size);
        int[] items = Arrays.copyOf(ITEMS, size);
        NDArray sharedRows = numbers(manager, groupOfRow);
        Map<FieldGroup, FeatureBatch.Group> groups = new EnumMap<>(FieldGroup.class);
        TABLES.forEach((group, table) -> {
            boolean isItem = group == FieldGroup.ITEM;
            groups.put(
                    group,
                    shares
                            ? model.embedding()
                                    .prepare(manager, group, table.toDevice(manager, null))
                                    .withRows(isItem ? numbers(manager, items) : sharedRows)
                            : table.rows(isItem ? items : groupOfRow).toDevice(manager, null));
        });
        return new FeatureBatch(groups);
    }
}
