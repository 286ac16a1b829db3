package io.deepfm.training.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.explanation.FieldImportance;
import io.deepfm.explanation.Interactions;
import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Configurations;
import io.deepfm.metrics.MonitoredMetric;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.storage.Storage;
import io.deepfm.training.validation.ListSample.Bounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that looks at one field of the items alone, on lists whose held-out items have a value of their own. */
class PermutationImportanceTest {

    private static final int LISTS = 30;

    private static final DatasetSchema SCHEMA = new DatasetSchema(
            List.of(
                    FieldSchema.sparse("who", FieldGroup.USER, LISTS + 1, 2),
                    FieldSchema.sparse("good", FieldGroup.ITEM, 3, 2),
                    FieldSchema.sparse("idle", FieldGroup.ITEM, 3, 2),
                    FieldSchema.sparse("hour", FieldGroup.CONTEXT, 5, 2)),
            "label");

    private static final ExperimentConfig CONFIG =
            Configurations.defaults("dnn.hidden_units=[2]", "dnn.use_batch_norm=false", "feature.fm_embed_dim=2");

    /** Items 0 to 9 are good, 10 to 99 are not. */
    private static final FeatureTable ITEMS = new FeatureTable(
            100,
            IntStream.range(0, 200)
                    .map(i -> i % 2 == 0 ? (i < 20 ? 1 : 2) : 1 + i / 2 % 2)
                    .toArray(),
            new float[0]);

    private static final FeatureTable USERS =
            new FeatureTable(LISTS, IntStream.rangeClosed(1, LISTS).toArray(), new float[0]);

    @TempDir
    private Path folder;

    private final NDManager manager = NDManager.newBaseManager();
    private final CtrModel model = model();

    private CtrModel model() {
        CtrModel created = ModelConfig.of(CONFIG).create(SCHEMA);
        Map<String, float[]> given = Map.of(
                "embedding.first_order.good.weight", new float[] {0, 2, 1},
                "embedding.second_order.good.weight", new float[] {0, 0, 3, 0, 0, 1},
                "embedding.second_order.hour.weight", new float[] {0, 0, 1, -1, 1, -1, 1, -1, 1, -1});
        Map<String, Tensor> weights = new LinkedHashMap<>();
        created.parameters()
                .all()
                .forEach(parameter -> weights.put(
                        parameter.name(),
                        Tensor.of(manager.create(
                                given.getOrDefault(
                                        parameter.name(),
                                        new float[(int) parameter.shape().size()]),
                                parameter.shape()))));
        created.parameters().set(manager, weights);
        return created;
    }

    @BeforeEach
    void write() throws IOException {
        CandidateFiles.write(folder.resolve("part-00000.parquet"), 0, 12, 10, 90);
        CandidateFiles.write(folder.resolve("part-00001.parquet"), 12, LISTS, 10, 90);
    }

    private ListSample sample(Bounds bounds) {
        return ListSample.read(
                CONFIG,
                new Storage(new Configuration()),
                new org.apache.hadoop.fs.Path(folder.toString()),
                SCHEMA,
                USERS,
                ITEMS,
                bounds);
    }

    private PermutationImportance importance(Bounds bounds) {
        return new PermutationImportance(sample(bounds), new MonitoredMetric("auc", true), 64, 1);
    }

    @Test
    void onlyTheFieldThatDecidesMatters() {
        PermutationImportance importance = importance(new Bounds(0, 0));
        double value = importance.value(model, manager);
        assertThat(value).isEqualTo(1);
        List<FieldImportance> fields = importance.of(model, manager, value, 3);
        assertThat(fields).extracting(FieldImportance::field).startsWith("good").hasSize(4);
        assertThat(fields.get(0).mean()).isBetween(0.3, 0.6);
        assertThat(fields.get(0).deviation()).isPositive();
        assertThat(fields.subList(1, 4))
                .allSatisfy(field -> assertThat(field.lost()).containsOnly(0.0));
        assertThat(importance.of(model, manager, value, 3)).isEqualTo(fields);
    }

    @Test
    void ofAMetricThatIsBetterWhereItIsLowerTheRiseCounts() {
        PermutationImportance importance =
                new PermutationImportance(sample(new Bounds(0, 0)), new MonitoredMetric("logloss", false), 64, 1);
        double value = importance.value(model, manager);
        assertThat(importance.of(model, manager, value, 3).get(0).mean()).isPositive();
    }

    @Test
    void aSampleIsTheSameEachTimeAndMayThinItsLists() {
        ListSample all = sample(new Bounds(0, 0));
        assertThat(all.lists()).isEqualTo(LISTS);
        assertThat(all.candidates()).isEqualTo(LISTS * 20);
        ListSample some = sample(new Bounds(50, 5));
        assertThat(some.lists()).isEqualTo(10);
        assertThat(some.candidates()).isEqualTo(50);
        assertThat(some.allLists()).isEqualTo(LISTS);
        PermutationImportance importance = importance(new Bounds(50, 5));
        assertThat(importance.value(model, manager)).isEqualTo(1);
        assertThat(sample(new Bounds(50, 5)).contexts().ids())
                .isEqualTo(some.contexts().ids());
    }

    /** Of 20 candidates one is good, with a term of 3 with the hour in place of -1. */
    @Test
    void pairsAreAsStrongAsTheirMeanAbsoluteTerm() {
        Interactions interactions =
                Interactions.of(model, sample(new Bounds(0, 0)).rows(64));
        assertThat(interactions.attention()).isEmpty();
        assertThat(interactions.pairs()).hasSize(1);
        assertThat(interactions.pairs().get(0).pairs().get(0).first()).isEqualTo("good");
        assertThat(interactions.pairs().get(0).pairs().get(0).second()).isEqualTo("hour");
        assertThat(interactions.pairs().get(0).pairs().get(0).value()).isCloseTo((3 + 19 * 1) / 20.0, within(1e-6));
        assertThat(interactions.pairs().get(0).pairs()).hasSize(6);
        assertThat(interactions.pairs().get(0).pairs().get(1).value()).isZero();
    }
}
