package io.deepfm.training.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.job.Configurations;
import io.deepfm.metrics.CandidateList;
import io.deepfm.metrics.ListsInMemory;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.Models;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.storage.Storage;
import io.deepfm.training.GroupFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists that are read from their files while they are scored have the metrics of lists in memory. */
class ValidationTest {

    private static final DatasetSchema SCHEMA = new DatasetSchema(
            List.of(
                    FieldSchema.sparse("who", FieldGroup.USER, 9, 3),
                    FieldSchema.sparse("what", FieldGroup.ITEM, 13, 3),
                    FieldSchema.sparse("hour", FieldGroup.CONTEXT, 5, 3)),
            "label");

    /** A list; its hour is that of its user. */
    private record Listed(int user, int label, int... items) {}

    private static final List<Listed> LISTS = List.of(
            new Listed(0, 1, 3, 1, 2, 4),
            new Listed(1, 0, 2, 5, 1),
            new Listed(1, 1, 7, 5),
            new Listed(4, 1, 6, 11, 10, 9, 8, 7),
            new Listed(5, 0, 1),
            new Listed(7, 1, 2, 3, 4));

    @TempDir
    private Path folder;

    private final NDManager manager = NDManager.newBaseManager();

    @Test
    void theListsOfAllFilesCount() throws IOException {
        assertMetricsOf(LISTS, 0);
    }

    @Test
    void onlyTheListsOfChosenUsersCount() throws IOException {
        for (int count : new int[] {1, 3}) {
            int[] users = LISTS.stream().mapToInt(Listed::user).toArray();
            UserSample sample = UserSample.of(42, users, count);
            List<Listed> chosen =
                    LISTS.stream().filter(list -> sample.has(list.user())).toList();
            assertThat(chosen).hasSizeLessThan(LISTS.size());
            assertMetricsOf(chosen, count);
        }
    }

    private void assertMetricsOf(List<Listed> lists, int validationUsers) throws IOException {
        ExperimentConfig config =
                Configurations.defaults("dnn.hidden_units=[4]", "evaluation.validation_users=" + validationUsers);
        CtrModel model = Models.create(manager, SCHEMA, ModelConfig.of(config), 3);
        FeatureTable users = new FeatureTable(8, IntStream.range(1, 9).toArray(), new float[0]);
        FeatureTable items = new FeatureTable(12, IntStream.range(1, 13).toArray(), new float[0]);
        write("part-00000.parquet", LISTS.subList(0, 3));
        write("part-00001.parquet", LISTS.subList(3, 6));
        Validation validation = new Validation(
                config, new Storage(new Configuration()), new org.apache.hadoop.fs.Path(folder.toString()), SCHEMA, 12);
        Map<String, Double> expected = ListsInMemory.metrics(
                lists.stream().map(list -> logits(model, list)).toList(), config, 12);
        try (Scorer scorer = new Scorer(manager, model, Map.of(FieldGroup.USER, users, FieldGroup.ITEM, items), 4)) {
            Map<String, Double> metrics = validation.metrics(scorer);
            assertThat(metrics.keySet()).isEqualTo(expected.keySet());
            metrics.forEach((name, value) -> {
                if (Double.isNaN(value)) {
                    assertThat(expected.get(name)).as(name).isNaN();
                } else {
                    assertThat(value).as(name).isCloseTo(expected.get(name), within(1e-6));
                }
            });
        }
    }

    private CandidateList logits(CtrModel model, Listed list) {
        int count = list.items().length;
        int[] who = new int[count];
        Arrays.fill(who, list.user() + 1);
        int[] hour = new int[count];
        Arrays.fill(hour, list.user() % 5);
        int[] what = IntStream.of(list.items()).map(item -> item + 1).toArray();
        float[] logits = Models.logits(
                manager,
                model,
                Map.of(
                        FieldGroup.USER, new FeatureTable(count, who, new float[0]),
                        FieldGroup.ITEM, new FeatureTable(count, what, new float[0]),
                        FieldGroup.CONTEXT, new FeatureTable(count, hour, new float[0])),
                false);
        return new CandidateList(
                list.user(), list.label(), logits[0], logits[0], list.items(), Arrays.copyOfRange(logits, 1, count));
    }

    private void write(String name, List<Listed> lists) throws IOException {
        GroupFile.write(
                folder.resolve(name),
                lists.stream()
                        .map(list -> new GroupFile.Row(
                                list.user(),
                                list.items()[0],
                                list.label(),
                                list.user() % 5,
                                Optional.empty(),
                                Arrays.copyOfRange(list.items(), 1, list.items().length)))
                        .toList());
    }
}
