package io.deepfm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Configurations;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.Models;
import io.deepfm.model.PyTorchFixture;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.model.embedding.GatheredRows;
import io.deepfm.model.embedding.GatheredRows.Wanted;
import io.deepfm.model.io.TensorFile;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.training.optimizer.OptimizerFactory;
import io.deepfm.training.optimizer.WeightUpdates;
import io.deepfm.training.shard.Batch;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that move the rows of embedding tables that their batch reads, and no others. */
class LazyUpdatesTest {

    private static final DatasetSchema SCHEMA = new DatasetSchema(
            List.of(
                    FieldSchema.sparse("who", FieldGroup.USER, 5, 4),
                    FieldSchema.dense("age", FieldGroup.USER, 2),
                    FieldSchema.sparse("what", FieldGroup.ITEM, 6, 4),
                    FieldSchema.sequence("tags", FieldGroup.ITEM, 4, 2, 3, Combiner.MEAN),
                    FieldSchema.sparse("hour", FieldGroup.CONTEXT, 4, 2),
                    FieldSchema.sequence("before", FieldGroup.CONTEXT, 6, 4, 2, Combiner.SQRTN)
                            .sharing("what")),
            "label");
    private static final FeatureTable USERS =
            new FeatureTable(4, new int[] {1, 2, 3, 4}, new float[] {.1f, .2f, -.3f, .4f});
    private static final FeatureTable ITEMS =
            new FeatureTable(5, new int[] {1, 1, 2, 0, 2, 2, 0, 0, 3, 3, 1, 2, 4, 3, 0, 0, 5, 0, 0, 0}, new float[0]);

    /** Three groups of rows, the first with two negatives, that have all users, items, tags, hours and items before. */
    private static final Batch ALL = new Batch(
            new int[] {3, 0, 2, 1},
            new int[] {0, 3, 4, 6, 7},
            new int[] {4, 0, 1, 2, 2, 3, 0},
            new float[] {1, 0, 0, 1, 0, 0, 1},
            new FeatureTable(4, new int[] {1, 1, 2, 2, 3, 4, 3, 5, 0, 1, 2, 0}, new float[0]));

    /** User 1 and items 0 and 3 in hours 1 and 0, first after item 2 and then after none. */
    private static final Batch SOME = new Batch(
            new int[] {1, 1},
            new int[] {0, 1, 3},
            new int[] {3, 0, 3},
            new float[] {1, 1, 0},
            new FeatureTable(2, new int[] {1, 0, 2, 0, 0, 0}, new float[0]));

    @ParameterizedTest
    @ValueSource(strings = {"adam", "adamw", "sgd", "adagrad"})
    void withEveryRowInEveryBatchTheyAreDenseUpdates(String optimizer) {
        Map<String, float[]> dense = trained(optimizer, "dense", List.of(ALL, ALL, ALL));
        Map<String, float[]> lazy = trained(optimizer, "lazy", List.of(ALL, ALL, ALL));
        Map<String, float[]> before = trained(optimizer, "dense", List.of());
        dense.forEach((name, values) -> {
            assertThat(lazy.get(name)).as(name).containsExactly(values, within(2e-6f));
            assertThat(values).as(name).isNotEqualTo(before.get(name));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "adamw", "sgd", "adagrad"})
    void rowsThatNoBatchReadsStayThroughDecayPenaltyAndMoments(String optimizer) {
        Map<String, float[]> once = trained(optimizer, "lazy", List.of(ALL));
        Map<String, float[]> then = trained(optimizer, "lazy", List.of(ALL, SOME, SOME));
        Map<String, List<Integer>> moved = Map.of(
                "first_order.who", List.of(2),
                "first_order.what", List.of(1, 4),
                "first_order.before", List.of(2),
                "first_order.tags", List.of(1, 2, 3),
                "first_order.hour", List.of(1),
                "second_order.who", List.of(2),
                // Those now and those before.
                "second_order.what", List.of(1, 2, 4),
                "second_order.tags", List.of(1, 2, 3),
                "second_order.hour", List.of(1));
        moved.forEach((table, ids) -> {
            String name = "embedding." + table + ".weight";
            int vocabulary = vocabulary(table.substring(table.indexOf('.') + 1));
            int width = once.get(name).length / vocabulary;
            for (int id = 0; id < vocabulary; id++) {
                float[] earlier = row(once.get(name), id, width);
                float[] later = row(then.get(name), id, width);
                if (ids.contains(id)) {
                    assertThat(later).as(name + " " + id).isNotEqualTo(earlier);
                } else {
                    assertThat(later).as(name + " " + id).isEqualTo(earlier);
                }
            }
        });
        // In dense mode the others do move: by momentum, decay and penalty.
        Map<String, float[]> dense = trained(optimizer, "dense", List.of(ALL, SOME, SOME));
        String who = "embedding.second_order.who.weight";
        assertThat(row(dense.get(who), 3, 4)).isNotEqualTo(row(then.get(who), 3, 4));
    }

    /** PyTorch's SparseAdam over the same gradients. */
    @Test
    void adamFollowsSparseAdam() {
        JsonNode fixture = PyTorchFixture.json("sparse_adam");
        try (NDManager manager = NDManager.newBaseManager()) {
            Parameters parameters = new Parameters();
            parameters.trained("bias", new Shape(1), Initializer.ZEROS);
            Parameter table = parameters.table("table", "field", 6, 3);
            Map<String, Tensor> initial = new LinkedHashMap<>(parameters.initial(1, Initializer.XAVIER_UNIFORM));
            initial.put("table", Tensor.of(new long[] {6, 3}, floats(fixture.get("initial"))));
            parameters.set(manager, initial);
            WeightUpdates updates = new WeightUpdates(
                    OptimizerFactory.of(Configurations.defaults()), manager, parameters.tableBlocks(), 0);
            for (JsonNode step : fixture.get("steps")) {
                int[] ids = StreamSupport.stream(step.get("ids").spliterator(), false)
                        .mapToInt(JsonNode::asInt)
                        .toArray();
                GatheredRows rows = GatheredRows.gather(
                        manager, Map.of(parameters.tableBlocks().get(0), List.of(new Wanted(table, ids))));
                updates.nextStep();
                NDArray gradients = manager.create(floats(step.get("gradients")), new Shape(ids.length, 3));
                updates.rows(rows.parts().get(0), gradients, fixture.get("lr").asDouble());
            }
            assertThat(table.array().toFloatArray()).containsExactly(floats(fixture.get("final")), within(1e-6f));
        }
    }

    @Test
    void gatheredBatchesHaveTheLogitsOfResidentOnes() {
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = Models.create(manager, SCHEMA, ModelConfig.of(config("adam", "lazy")), 1);
            for (Batch batch : List.of(ALL, SOME)) {
                FeatureBatch resident = new ResidentInputs(manager, model.embedding(), USERS, ITEMS)
                        .prepare(batch)
                        .toDevice(manager);
                FeatureBatch gathered = new GatheringInputs(model.parameters(), SCHEMA, USERS, ITEMS)
                        .prepare(batch)
                        .toDevice(manager);
                assertThat(model.forward(gathered, Pass.inference()).toFloatArray())
                        .hasSize(batch.rows())
                        .containsExactly(
                                model.forward(resident, Pass.inference()).toFloatArray(), within(1e-6f));
            }
        }
    }

    private static Map<String, float[]> trained(String optimizer, String updates, List<Batch> batches) {
        ExperimentConfig config = config(optimizer, updates);
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = Models.create(manager, SCHEMA, ModelConfig.of(config), 1);
            TrainingStep step = new TrainingStep(model, manager, 10, config);
            BatchInputs inputs = updates.equals("lazy")
                    ? new GatheringInputs(model.parameters(), SCHEMA, USERS, ITEMS)
                    : new ResidentInputs(manager, model.embedding(), USERS, ITEMS);
            for (Batch batch : batches) {
                try (NDManager scratch = manager.newSubManager()) {
                    step.step(inputs.prepare(batch).toDevice(scratch), batch.targets(scratch), 0.01);
                }
            }
            return TensorFile.values(model.parameters().values());
        }
    }

    private static ExperimentConfig config(String optimizer, String updates) {
        return Configurations.defaults(
                "training.optimizer=" + optimizer,
                "training.embedding_updates=" + updates,
                "training.weight_decay=0.01",
                "training.gradient_clip_norm=0.5",
                "feature.embedding_l2_reg=0.01",
                "feature.fm_embed_dim=4",
                "dnn.hidden_units=[4]",
                // With it, a bias moves by the rounding of its gradient alone.
                "dnn.use_batch_norm=false",
                "dnn.dropout=0");
    }

    private static int vocabulary(String field) {
        return SCHEMA.fields().stream()
                .filter(each -> each.name().equals(field))
                .findFirst()
                .orElseThrow()
                .vocabularySize();
    }

    private static float[] row(float[] table, int row, int width) {
        return Arrays.copyOfRange(table, row * width, (row + 1) * width);
    }

    private static float[] floats(JsonNode list) {
        float[] floats = new float[list.size()];
        IntStream.range(0, floats.length)
                .forEach(i -> floats[i] = (float) list.get(i).asDouble());
        return floats;
    }
}
