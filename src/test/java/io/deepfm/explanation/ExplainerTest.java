package io.deepfm.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deepfm.explanation.Contribution.Term;
import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Configurations;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.Models;
import io.deepfm.model.PyTorchFixture;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a logit is the sum of. */
class ExplainerTest {

    private static final DatasetSchema SCHEMA = new DatasetSchema(
            List.of(
                    FieldSchema.sparse("who", FieldGroup.USER, 50, 12),
                    FieldSchema.sparse("age", FieldGroup.USER, 8, 8),
                    FieldSchema.sparse("what", FieldGroup.ITEM, 400, 16),
                    FieldSchema.sequence("kinds", FieldGroup.ITEM, 9, 8, 3, Combiner.MEAN),
                    FieldSchema.dense("year", FieldGroup.ITEM, 4),
                    FieldSchema.dense("price", FieldGroup.ITEM, 0),
                    FieldSchema.sparse("hour", FieldGroup.CONTEXT, 25, 8)),
            "label");

    static Stream<PyTorchFixture> fixtures() {
        return PyTorchFixture.all("forward");
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void contributionsAddUpToTheLogitsOfPyTorch(PyTorchFixture fixture) {
        float[] logits = fixture.values("logits.eval");
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = fixture.model(manager);
            assertSums(model, fixture.tables(0), logits);
        }
    }

    private static final DatasetSchema TWO_FIELDS = new DatasetSchema(
            List.of(
                    FieldSchema.sparse("who", FieldGroup.USER, 2, 2),
                    FieldSchema.sparse("what", FieldGroup.ITEM, 3, 2)),
            "label");

    /** All weights are 0 but those given. */
    private static List<Contribution> explained(NDManager manager, int head, String heads, Map<String, float[]> given) {
        CtrModel model = ModelConfig.of(Configurations.defaults(
                        "model.heads=" + heads,
                        "feature.fm_embed_dim=2",
                        "dnn.hidden_units=[2]",
                        "dnn.use_batch_norm=false"))
                .create(TWO_FIELDS);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        model.parameters().all().forEach(parameter -> {
            float[] values = given.getOrDefault(
                    parameter.name(), new float[(int) parameter.shape().size()]);
            weights.put(parameter.name(), Tensor.of(manager.create(values, parameter.shape())));
        });
        model.parameters().set(manager, weights);
        return new Explainer(model)
                .explain(
                        Map.of(
                                FieldGroup.USER, new FeatureTable(1, new int[] {1}, new float[0]),
                                FieldGroup.ITEM, new FeatureTable(1, new int[] {2}, new float[0])),
                        head)
                .get(0);
    }

    @Test
    void exactTermsAreThoseOfTheFactorizationMachine() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, float[]> weights = Map.of(
                    "bias", new float[] {0.5f},
                    "embedding.first_order.who.weight", new float[] {0, 0.1f},
                    "embedding.first_order.what.weight", new float[] {0, 7, -0.25f},
                    "embedding.second_order.who.weight", new float[] {0, 0, 1, 2},
                    "embedding.second_order.what.weight", new float[] {0, 0, 9, 9, 3, -1},
                    "dnn.output.bias", new float[] {0.25f});
            assertThat(explained(manager, 0, "one", weights))
                    .filteredOn(one -> one.value() != 0)
                    .containsExactly(
                            new Contribution(Term.PAIR, List.of("who", "what"), 1),
                            new Contribution(Term.BIAS, List.of(), 0.75),
                            new Contribution(Term.FIRST_ORDER, List.of("what"), -0.25),
                            new Contribution(Term.FIRST_ORDER, List.of("who"), 0.1f));
        }
    }

    @Test
    void aHeadHasItsOwnTerms() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, float[]> weights = Map.of(
                    "bias", new float[] {0.5f, 0.75f},
                    "embedding.first_order.what.weight", new float[] {0, 0, 7, 7, -0.25f, 0.125f},
                    "embedding.second_order.who.weight", new float[] {0, 0, 1, 2},
                    "embedding.second_order.what.weight", new float[] {0, 0, 9, 9, 3, -1},
                    "fm.weight", new float[] {1, 1, 2, 0});
            assertThat(explained(manager, 1, "two", weights))
                    .filteredOn(one -> one.value() != 0)
                    .containsExactly(
                            new Contribution(Term.PAIR, List.of("who", "what"), 6),
                            new Contribution(Term.BIAS, List.of(), 0.75),
                            new Contribution(Term.FIRST_ORDER, List.of("what"), 0.125));
        }
    }

    /** As large as real ones, with weights as large as trained ones. */
    @ParameterizedTest
    @ValueSource(strings = {"deepfm", "xdeepfm", "attention_deepfm", "dcnv2"})
    void contributionsAddUpToTheLogitsOfLargeNetworks(String name) {
        for (String heads : List.of("one", "two")) {
            for (String activation : List.of("relu", "gelu")) {
                assertSums(name, "model.heads=" + heads, "dnn.activation=" + activation, "cin.activation=identity");
            }
        }
        assertSums(name, "cin.activation=relu", "dnn.use_batch_norm=false");
    }

    private static void assertSums(String name, String... settings) {
        List<String> all = new ArrayList<>(List.of("model_name=" + name));
        all.addAll(Arrays.asList(settings));
        ModelConfig config = ModelConfig.of(Configurations.defaults(all.toArray(String[]::new)));
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = Models.create(manager, SCHEMA, config, 5);
            model.parameters().tableBlocks().forEach(block -> block.values().muli(3));
            Map<FieldGroup, FeatureTable> rows = rows(new SplittableRandom(3), 40);
            assertSums(model, rows, Models.logits(manager, model, rows, false));
        }
    }

    private static void assertSums(CtrModel model, Map<FieldGroup, FeatureTable> rows, float[] logits) {
        for (int head = 0; head < model.heads(); head++) {
            List<List<Contribution>> explained = new Explainer(model).explain(rows, head);
            assertThat(explained).hasSize(logits.length / model.heads());
            for (int row = 0; row < explained.size(); row++) {
                double sum = explained.get(row).stream()
                        .filter(one -> one.term() != Term.REST)
                        .mapToDouble(Contribution::value)
                        .sum();
                assertThat(sum).isCloseTo(logits[row * model.heads() + head], within(1e-4));
            }
        }
    }

    private static Map<FieldGroup, FeatureTable> rows(SplittableRandom random, int rows) {
        return Map.of(
                FieldGroup.USER, table(random, rows, new int[] {50, 8}, 0),
                FieldGroup.ITEM, table(random, rows, new int[] {400, 9, 9, 9}, 2),
                FieldGroup.CONTEXT, table(random, rows, new int[] {25}, 0));
    }

    private static FeatureTable table(SplittableRandom random, int rows, int[] vocabularies, int numbers) {
        int[] ids = new int[rows * vocabularies.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = random.nextInt(vocabularies[i % vocabularies.length]);
        }
        float[] values = new float[rows * numbers];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return new FeatureTable(rows, ids, values);
    }
}
