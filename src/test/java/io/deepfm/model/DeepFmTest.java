package io.deepfm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Configurations;
import io.deepfm.model.io.TensorFile;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** DeepFM against its formula, written out in double precision over plain arrays. */
class DeepFmTest {

    private static final DatasetSchema SCHEMA = new DatasetSchema(
            List.of(
                    FieldSchema.sparse("user", FieldGroup.USER, 5, 3),
                    FieldSchema.sequence("tags", FieldGroup.ITEM, 4, 2, 3, Combiner.MEAN)),
            "label");
    private static final ModelConfig CONFIG = ModelConfig.of(Configurations.defaults(
            "feature.fm_embed_dim=3", "dnn.hidden_units=[2]", "dnn.use_batch_norm=false", "dnn.dropout=0"));
    private static final FeatureTable USERS = new FeatureTable(3, new int[] {1, 4, 0}, new float[0]);
    private static final FeatureTable ITEMS = new FeatureTable(3, new int[] {1, 2, 0, 3, 3, 1, 0, 0, 0}, new float[0]);

    @Test
    void theLogitIsBiasPlusLinearTermPlusPairsPlusDeepNetwork() {
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = Models.create(manager, SCHEMA, CONFIG, 7);
            Map<String, float[]> w = TensorFile.values(model.parameters().values());
            float[] logits = Models.logits(manager, model, tables(), false);
            for (int row = 0; row < 3; row++) {
                assertThat((double) logits[row]).isCloseTo(expected(w, row), within(1e-6));
            }
        }
    }

    @Test
    void embeddingPerTableRowOrPerBatchRowGivesTheSame() {
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = Models.create(manager, SCHEMA, CONFIG, 7);
            float[] direct = Models.logits(manager, model, tables(), false);
            int[] many = {0, 1, 2, 2, 1, 0, 0};
            int[] few = {2, 0};
            float[] gathered = Models.logits(manager, model, tables(), many, many);
            float[] idsFirst = Models.logits(manager, model, tables(), few, few);
            for (int i = 0; i < many.length; i++) {
                assertThat(gathered[i]).isCloseTo(direct[many[i]], within(1e-6f));
            }
            for (int i = 0; i < few.length; i++) {
                assertThat(idsFirst[i]).isCloseTo(direct[few[i]], within(1e-6f));
            }
        }
    }

    @Test
    void theFactorizationMachinesTermsCanBeSwitchedOff() {
        ModelConfig deepOnly = ModelConfig.of(Configurations.defaults(
                "fm.use_first_order=false",
                "fm.use_second_order=false",
                "feature.fm_embed_dim=3",
                "dnn.hidden_units=[2]",
                "dnn.use_batch_norm=false"));
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = Models.create(manager, SCHEMA, deepOnly, 7);
            Map<String, float[]> w = TensorFile.values(model.parameters().values());
            assertThat(w.keySet()).noneMatch(name -> name.startsWith("embedding.first_order"));
            float[] logits = Models.logits(manager, model, tables(), false);
            assertThat((double) logits[0]).isCloseTo(w.get("bias")[0] + deep(w, 0), within(1e-6));
        }
    }

    private static Map<FieldGroup, FeatureTable> tables() {
        return new EnumMap<>(Map.of(FieldGroup.USER, USERS, FieldGroup.ITEM, ITEMS));
    }

    private static double expected(Map<String, float[]> w, int row) {
        int user = USERS.ids()[row];
        double linear = w.get("embedding.first_order.user.weight")[user] + mean(w, "first_order", row, 1)[0];
        double[] userVector = vector(w, "user", user, 3);
        double[] tagsVector = project(w, mean(w, "second_order", row, 2));
        double pair = 0;
        for (int d = 0; d < 3; d++) {
            pair += userVector[d] * tagsVector[d];
        }
        return w.get("bias")[0] + linear + pair + deep(w, row);
    }

    private static double deep(Map<String, float[]> w, int row) {
        double[] user = vector(w, "user", USERS.ids()[row], 3);
        double[] tags = mean(w, "second_order", row, 2);
        double[] input = {user[0], user[1], user[2], tags[0], tags[1]};
        double output = w.get("dnn.output.bias")[0];
        for (int unit = 0; unit < 2; unit++) {
            double sum = w.get("dnn.0.linear.bias")[unit];
            for (int i = 0; i < 5; i++) {
                sum += w.get("dnn.0.linear.weight")[unit * 5 + i] * input[i];
            }
            output += w.get("dnn.output.weight")[unit] * Math.max(0, sum);
        }
        return output;
    }

    private static double[] vector(Map<String, float[]> w, String field, int id, int dim) {
        double[] vector = new double[dim];
        for (int d = 0; d < dim; d++) {
            vector[d] = w.get("embedding.second_order." + field + ".weight")[id * dim + d];
        }
        return vector;
    }

    /** The mean over the known tags; zeros where there are none. */
    private static double[] mean(Map<String, float[]> w, String order, int row, int dim) {
        double[] mean = new double[dim];
        int known = 0;
        for (int position = 0; position < 3; position++) {
            int id = ITEMS.ids()[row * 3 + position];
            if (id != 0) {
                known++;
                for (int d = 0; d < dim; d++) {
                    mean[d] += w.get("embedding." + order + ".tags.weight")[id * dim + d];
                }
            }
        }
        for (int d = 0; d < dim && known > 0; d++) {
            mean[d] /= known;
        }
        return mean;
    }

    private static double[] project(Map<String, float[]> w, double[] vector) {
        double[] projected = new double[3];
        for (int d = 0; d < 3; d++) {
            for (int i = 0; i < 2; i++) {
                projected[d] += w.get("embedding.projection.tags.weight")[d * 2 + i] * vector[i];
            }
        }
        return projected;
    }
}
