package io.deepfm.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.job.Configurations;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmStartTest {

    private static final ModelConfig CONFIG = ModelConfig.of(
            Configurations.defaults("model_name=xdeepfm", "dnn.hidden_units=[4]", "cin.layer_sizes=[4]"));

    /** Yesterday's ids of today's: the values of users 1 and 2 have changed places, 3 is new. */
    private static final Map<String, int[]> IDS =
            Map.of("user", new int[] {0, 2, 1, 0}, "tags", new int[] {0, 1, 2}, "price", new int[0]);

    @Test
    void knownValuesKeepTheirEmbeddingsAndAllElseItsWeights() {
        CtrModel yesterday = CONFIG.create(schema(3, 2));
        CtrModel today = CONFIG.create(schema(4, 2));
        Map<String, Tensor> old = yesterday.parameters().initial(1, Initializer.XAVIER_UNIFORM);
        Map<String, Tensor> fresh = today.parameters().initial(2, Initializer.XAVIER_UNIFORM);
        Map<String, Tensor> values = new WarmStart(saved(yesterday, old), "old", IDS).values(today, fresh);

        assertThat(values.keySet()).isEqualTo(fresh.keySet());
        String users = "embedding.second_order.user.weight";
        assertThat(row(values.get(users), 0)).containsOnly(0f);
        assertThat(row(values.get(users), 1)).containsExactly(row(old.get(users), 2));
        assertThat(row(values.get(users), 2)).containsExactly(row(old.get(users), 1));
        assertThat(row(values.get(users), 3)).containsExactly(row(fresh.get(users), 3));
        values.keySet().stream().filter(name -> !name.contains(".user.")).forEach(name -> assertThat(
                        values.get(name).values())
                .as(name)
                .containsExactly(old.get(name).values()));
    }

    @Test
    void anotherArchitectureIsRefused() {
        CtrModel yesterday = CONFIG.create(schema(3, 5));
        CtrModel today = CONFIG.create(schema(4, 2));
        WarmStart start = new WarmStart(
                saved(yesterday, yesterday.parameters().initial(1, Initializer.XAVIER_UNIFORM)), "old/model", IDS);
        assertThatThrownBy(() -> start.values(today, today.parameters().initial(2, Initializer.XAVIER_UNIFORM)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("training.warm_start = old/model", "[3, 5] there and [4, 2] here", "auto");
    }

    private static DatasetSchema schema(int users, int dim) {
        return new DatasetSchema(
                List.of(
                        new FieldSchema("user", FeatureType.SPARSE, FieldGroup.USER, users, dim, 1, null),
                        new FieldSchema("tags", FeatureType.SEQUENCE, FieldGroup.ITEM, 3, 2, 3, Combiner.MEAN),
                        new FieldSchema("price", FeatureType.DENSE, FieldGroup.ITEM, 0, 2, 1, null)),
                "label");
    }

    private static SavedModel saved(CtrModel model, Map<String, Tensor> values) {
        return SavedModel.of(CONFIG, model.schema(), values);
    }

    private static float[] row(Tensor table, int row) {
        return Arrays.copyOfRange(table.values(), row * 2, row * 2 + 2);
    }
}
