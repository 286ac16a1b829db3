package io.deepfm.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deepfm.benchmark.Variant;
import io.deepfm.inference.ScoringBatch.Given;
import io.deepfm.inference.ScoringBatch.Known;
import io.deepfm.job.Configurations;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.Models;
import io.deepfm.model.PyTorchFixture;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What scores pairs gives the logits of a forward pass over rows, whichever pairs share a pass. */
class PairScoresTest {

    private static final FeatureTable NOTHING = new FeatureTable(0, new int[0], new float[0]);

    private static final DatasetSchema SCHEMA = new DatasetSchema(
            List.of(
                    FieldSchema.sparse("who", FieldGroup.USER, 50, 12),
                    FieldSchema.sparse("age", FieldGroup.USER, 8, 8),
                    FieldSchema.sparse("what", FieldGroup.ITEM, 400, 16),
                    FieldSchema.sequence("kinds", FieldGroup.ITEM, 9, 8, 3, Combiner.MEAN),
                    FieldSchema.dense("year", FieldGroup.ITEM, 4),
                    FieldSchema.sparse("hour", FieldGroup.CONTEXT, 25, 8)),
            "label");

    static Stream<PyTorchFixture> fixtures() {
        return PyTorchFixture.all("forward");
    }

    static List<Variant> variants() {
        return Variant.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void rowsHaveTheLogitsOfPyTorch(PyTorchFixture fixture) {
        Map<FieldGroup, FeatureTable> tables = fixture.tables(0);
        float[] expected = fixture.values("logits.eval");
        int[] rows = IntStream.range(0, fixture.values("label").length).toArray();
        try (NDManager manager = NDManager.newBaseManager();
                Scorer scorer = new Scorer(manager, fixture.model(manager), tables, 7)) {
            float[] logits = Models.rows(scorer.logits(ScoringBatch.ofRows(
                    rows.length, new Known(rows), new Known(rows), new Given(context(tables, rows)))));
            assertThat(logits).containsExactly(expected, within(1e-5f));
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void listsHaveTheLogitsOfTheirRows(PyTorchFixture fixture) {
        Map<FieldGroup, FeatureTable> tables = fixture.tables(0);
        int count = fixture.values("label").length;
        int[] lists = IntStream.range(0, count).toArray();
        int[] offsets =
                IntStream.rangeClosed(0, count).map(list -> list * count).toArray();
        int[] listOf = IntStream.range(0, count * count).map(row -> row / count).toArray();
        int[] items = IntStream.range(0, count * count).map(row -> row % count).toArray();
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = fixture.model(manager);
            Map<FieldGroup, FeatureTable> expanded = new EnumMap<>(FieldGroup.class);
            tables.forEach(
                    (group, table) -> expanded.put(group, table.rows(group == FieldGroup.ITEM ? items : listOf)));
            float[] expected = Models.logits(manager, model, expanded, false);
            for (int batchSize : new int[] {3, 64, 1000}) {
                try (Scorer scorer = new Scorer(manager, model, tables, batchSize)) {
                    float[] logits = Models.rows(scorer.logits(new ScoringBatch(
                            offsets, new Known(lists), new Known(items), new Given(context(tables, lists)))));
                    assertThat(logits).as("passes of " + batchSize).containsExactly(expected, within(1e-5f));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void longListsHaveTheLogitsOfTheirRows(Variant variant) {
        SplittableRandom random = new SplittableRandom(2);
        FeatureTable users = table(random, 40, new int[] {50, 8}, 0);
        FeatureTable items = table(random, 300, new int[] {400, 9, 9, 9}, 1);
        int[] offsets = {0, 100, 101, 370, 380, 500};
        int[] listUsers = {3, 17, 0, 39, 3};
        FeatureTable hours = table(random, 5, new int[] {25}, 0);
        int[] listOf = new int[500];
        for (int list = 0; list < 5; list++) {
            Arrays.fill(listOf, offsets[list], offsets[list + 1], list);
        }
        int[] userOf = Arrays.stream(listOf).map(list -> listUsers[list]).toArray();
        int[] itemOf = random.ints(500, 0, 300).toArray();
        for (String setting : List.of("cin.split_half=true", "cin.split_half=false", "cin.layer_sizes=[6,4,2]")) {
            List<String> settings = new ArrayList<>(variant.overrides());
            settings.add(setting);
            ModelConfig config = ModelConfig.of(Configurations.defaults(settings.toArray(String[]::new)));
            try (NDManager manager = NDManager.newBaseManager()) {
                CtrModel model = Models.create(manager, SCHEMA, config, 1);
                float[] expected = Models.logits(
                        manager,
                        model,
                        Map.of(
                                FieldGroup.USER, users.rows(userOf),
                                FieldGroup.ITEM, items.rows(itemOf),
                                FieldGroup.CONTEXT, hours.rows(listOf)),
                        false);
                try (Scorer scorer =
                        new Scorer(manager, model, Map.of(FieldGroup.USER, users, FieldGroup.ITEM, items), 192)) {
                    float[] logits = Models.rows(scorer.logits(
                            new ScoringBatch(offsets, new Known(listUsers), new Known(itemOf), new Given(hours))));
                    assertThat(logits).as(setting).containsExactly(expected, within(1e-5f));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void aListsLogitsAreTheSameToTheBitInAnyCompany(Variant variant) {
        SplittableRandom random = new SplittableRandom(1);
        FeatureTable users = table(random, 40, new int[] {50, 8}, 0);
        FeatureTable items = table(random, 300, new int[] {400, 9, 9, 9}, 1);
        ModelConfig config =
                ModelConfig.of(Configurations.defaults(variant.overrides().toArray(String[]::new)));
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = Models.create(manager, SCHEMA, config, 1);
            for (int batchSize : new int[] {64, 256}) {
                try (Scorer scorer =
                        new Scorer(manager, model, Map.of(FieldGroup.USER, users, FieldGroup.ITEM, items), batchSize)) {
                    for (int[] lengths : new int[][] {{1, 2, 150, 3}, {300, 299, 1, 17}, {64, 64, 64, 64}, {5, 300}}) {
                        requireSameAlone(scorer, random, lengths);
                    }
                }
            }
        }
    }

    private static void requireSameAlone(Scorer scorer, SplittableRandom random, int[] lengths) {
        int[] offsets = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            offsets[i + 1] = offsets[i] + lengths[i];
        }
        int[] users = random.ints(lengths.length, 0, 40).toArray();
        int[] hours = random.ints(lengths.length, 0, 25).toArray();
        int[] items = random.ints(offsets[lengths.length], 0, 300).toArray();
        float[] together = Models.rows(scorer.logits(new ScoringBatch(
                offsets,
                new Known(users),
                new Known(items),
                new Given(new FeatureTable(lengths.length, hours, new float[0])))));
        for (int i = 0; i < lengths.length; i++) {
            float[] alone = Models.rows(scorer.logits(new ScoringBatch(
                    new int[] {0, lengths[i]},
                    new Known(new int[] {users[i]}),
                    new Known(Arrays.copyOfRange(items, offsets[i], offsets[i + 1])),
                    new Given(new FeatureTable(1, new int[] {hours[i]}, new float[0])))));
            assertThat(alone).isEqualTo(Arrays.copyOfRange(together, offsets[i], offsets[i + 1]));
        }
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

    private static FeatureTable context(Map<FieldGroup, FeatureTable> tables, int[] rows) {
        return tables.getOrDefault(FieldGroup.CONTEXT, NOTHING).rows(rows);
    }
}
