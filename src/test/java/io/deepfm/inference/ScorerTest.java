package io.deepfm.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deepfm.inference.ScoringBatch.Given;
import io.deepfm.inference.ScoringBatch.Known;
import io.deepfm.job.Configurations;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.Models;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every way to hand rows over gives what one forward pass over the same features gives. */
class ScorerTest {

    private static final DatasetSchema SCHEMA = new DatasetSchema(
            List.of(
                    FieldSchema.sparse("who", FieldGroup.USER, 5, 3),
                    FieldSchema.sequence("tags", FieldGroup.ITEM, 4, 2, 2, Combiner.MEAN),
                    FieldSchema.dense("price", FieldGroup.ITEM, 0),
                    FieldSchema.sparse("hour", FieldGroup.CONTEXT, 4, 3)),
            "label");
    private static final ModelConfig CONFIG = ModelConfig.of(Configurations.defaults("dnn.hidden_units=[4]"));
    private static final FeatureTable USERS = new FeatureTable(3, new int[] {1, 4, 0}, new float[0]);
    private static final FeatureTable ITEMS =
            new FeatureTable(4, new int[] {1, 2, 3, 0, 0, 0, 2, 3}, new float[] {0.5f, -1, 2, 0.25f});
    private static final Map<FieldGroup, FeatureTable> TABLES = Map.of(FieldGroup.USER, USERS, FieldGroup.ITEM, ITEMS);

    // Two lists: user 1 at hour 2 with items 3, 0, 1, and user 0 at hour 3 with items 2, 2, 3, 0.
    private static final int[] OFFSETS = {0, 3, 7};
    private static final int[] LIST_USERS = {1, 0};
    private static final int[] LIST_ITEMS = {3, 0, 1, 2, 2, 3, 0};
    private static final int[] HOURS = {2, 3};

    private static NDManager manager;
    private static CtrModel model;
    private static float[] expected;

    @BeforeAll
    static void create() {
        manager = NDManager.newBaseManager();
        model = Models.create(manager, SCHEMA, CONFIG, 7);
        FeatureTable users = rows(USERS, 1, 1, 1, 0, 0, 0, 0);
        FeatureTable hours = new FeatureTable(7, new int[] {2, 2, 2, 3, 3, 3, 3}, new float[0]);
        expected = Models.logits(
                manager,
                model,
                Map.of(FieldGroup.USER, users, FieldGroup.ITEM, rows(ITEMS, LIST_ITEMS), FieldGroup.CONTEXT, hours),
                false);
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @Test
    void listsOfKnownUsersAndItemsWithAContextEach() {
        for (int batchSize : new int[] {1, 2, 3, 4, 100}) {
            try (Scorer scorer = new Scorer(manager, model, TABLES, batchSize)) {
                assertThat(scorer.logits(lists(new Known(LIST_USERS), new Known(LIST_ITEMS)))
                                .ranking())
                        .as("batches of " + batchSize)
                        .containsExactly(expected, within(1e-6f));
            }
        }
    }

    @Test
    void featuresMayComeWithTheBatch() {
        try (Scorer scorer = new Scorer(manager, model, Map.of(), 3)) {
            assertThat(scorer.logits(lists(new Given(rows(USERS, LIST_USERS)), new Given(rows(ITEMS, LIST_ITEMS))))
                            .ranking())
                    .containsExactly(expected, within(1e-6f));
        }
    }

    @Test
    void rowsThatHaveNothingToDoWithEachOtherShareForwardPasses() {
        for (int batchSize : new int[] {1, 2, 7, 100}) {
            try (Scorer scorer = new Scorer(manager, model, TABLES, batchSize)) {
                float[] logits = scorer.logits(ScoringBatch.ofRows(
                                7,
                                new Known(new int[] {1, 1, 1, 0, 0, 0, 0}),
                                new Known(LIST_ITEMS),
                                new Given(new FeatureTable(7, new int[] {2, 2, 2, 3, 3, 3, 3}, new float[0]))))
                        .ranking();
                assertThat(logits).as("batches of " + batchSize).containsExactly(expected, within(1e-6f));
            }
        }
    }

    @Test
    void aListsLogitsDoNotDependOnTheListsBesideIt() {
        try (Scorer scorer = new Scorer(manager, model, TABLES, 3)) {
            float[] together = scorer.logits(lists(new Known(LIST_USERS), new Known(LIST_ITEMS)))
                    .ranking();
            ScoringBatch second = new ScoringBatch(
                    new int[] {0, 4}, new Known(new int[] {0}), new Known(new int[] {2, 2, 3, 0}), new Given(hours(3)));
            assertThat(scorer.logits(second).ranking()).isEqualTo(Arrays.copyOfRange(together, 3, 7));
        }
    }

    @Test
    void noListsGiveNoLogits() {
        try (Scorer scorer = new Scorer(manager, model, TABLES, 3)) {
            assertThat(scorer.logits(ScoringBatch.ofRows(
                                    0, new Known(new int[0]), new Known(new int[0]), new Given(hours())))
                            .ranking())
                    .isEmpty();
        }
    }

    @Test
    void aListWithoutCandidatesIsRefused() {
        Known none = new Known(new int[0]);
        assertThatThrownBy(() -> new ScoringBatch(new int[] {0, 2, 2}, none, none, none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("List 1 has no candidates.");
    }

    /** A dense field without a vector of its own is in the flat view alone, which this model does not read. */
    @Test
    void aContextThatTheModelDoesNotReadIsLeftOut() {
        DatasetSchema schema = new DatasetSchema(
                List.of(
                        FieldSchema.sparse("who", FieldGroup.USER, 5, 3),
                        FieldSchema.sparse("what", FieldGroup.ITEM, 4, 3),
                        FieldSchema.dense("gap", FieldGroup.CONTEXT, 0)),
                "label");
        ModelConfig config =
                ModelConfig.of(Configurations.defaults("model_name=attention_deepfm", "fm.use_first_order=false"));
        CtrModel other = Models.create(manager, schema, config, 7);
        Map<FieldGroup, FeatureTable> tables =
                Map.of(FieldGroup.USER, USERS, FieldGroup.ITEM, new FeatureTable(3, new int[] {1, 2, 3}, new float[0]));
        FeatureTable gaps = new FeatureTable(3, new int[0], new float[] {.1f, .2f, .3f});
        Map<FieldGroup, FeatureTable> all = new EnumMap<>(tables);
        all.put(FieldGroup.CONTEXT, gaps);
        Known rows = new Known(new int[] {0, 1, 2});
        try (Scorer scorer = new Scorer(manager, other, tables, 2)) {
            assertThat(scorer.logits(ScoringBatch.ofRows(3, rows, rows, new Given(gaps)))
                            .ranking())
                    .containsExactly(Models.logits(manager, other, all, false), within(1e-6f));
        }
    }

    @Test
    void rowsOfATableThatTheScorerDoesNotHaveAreRefused() {
        try (Scorer scorer = new Scorer(manager, model, Map.of(FieldGroup.USER, USERS), 3)) {
            assertThatThrownBy(() -> scorer.logits(lists(new Known(LIST_USERS), new Known(LIST_ITEMS)))
                            .ranking())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("ITEM");
        }
    }

    @Test
    void aClosedScorerHasNoModelAndOneThatBorrowedItsModelLeavesIt() {
        Scorer owner =
                Scorer.load(SavedModel.of(CONFIG, SCHEMA, model.parameters().values()), TABLES, 3);
        ScoringBatch batch = lists(new Known(LIST_USERS), new Known(LIST_ITEMS));
        assertThat(owner.logits(batch).ranking()).containsExactly(expected, within(1e-6f));
        owner.close();
        assertThatThrownBy(() -> owner.logits(batch).ranking()).isInstanceOf(IllegalStateException.class);
        new Scorer(manager, model, TABLES, 3).close();
        assertThat(model.parameters().values().get("bias").values()).hasSize(1);
    }

    private static ScoringBatch lists(ScoringBatch.Features users, ScoringBatch.Features items) {
        return new ScoringBatch(OFFSETS, users, items, new Given(hours(HOURS)));
    }

    private static FeatureTable hours(int... hours) {
        return new FeatureTable(hours.length, hours, new float[0]);
    }

    private static FeatureTable rows(FeatureTable table, int... rows) {
        List<FeatureTable> chosen = new ArrayList<>();
        for (int row : rows) {
            chosen.add(table.slice(row, row + 1));
        }
        return FeatureTable.concat(chosen);
    }
}
