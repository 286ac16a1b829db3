package io.deepfm.model.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.Models;
import io.deepfm.model.embedding.FeatureViews.View;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A history that looks up in the table of the items, computed by hand. */
class SharedTableTest {

    private static final DatasetSchema SCHEMA = new DatasetSchema(
            List.of(
                    FieldSchema.sparse("what", FieldGroup.ITEM, 4, 2),
                    FieldSchema.sequence("before", FieldGroup.CONTEXT, 4, 2, 3, Combiner.SQRTN)
                            .sharing("what")),
            "label");
    private static final Map<FieldGroup, FeatureTable> ROWS = Map.of(
            FieldGroup.ITEM, new FeatureTable(3, new int[] {1, 2, 3}, new float[0]),
            FieldGroup.CONTEXT, new FeatureTable(3, new int[] {2, 3, 0, 0, 0, 0, 1, 1, 1}, new float[0]));

    @Test
    void theVectorIsTheSumOfTheItemsVectorsOverTheRootOfTheirNumber() {
        Parameters parameters = new Parameters();
        FeatureEmbedding embedding =
                new FeatureEmbedding(parameters, SCHEMA, 2, 1, true, Set.of(View.SECOND_ORDER, View.FIELDS, View.FLAT));
        assertThat(parameters.all())
                .extracting(Parameter::name)
                .containsExactlyInAnyOrder(
                        "embedding.second_order.what.weight",
                        "embedding.first_order.what.weight",
                        "embedding.first_order.before.weight");
        try (NDManager manager = NDManager.newBaseManager()) {
            parameters.set(
                    manager,
                    Map.of(
                            "embedding.second_order.what.weight",
                            Tensor.of(new long[] {4, 2}, new float[] {0, 0, 1, 2, 3, -1, .5f, 4}),
                            "embedding.first_order.what.weight",
                            Tensor.of(new long[] {4, 1}, new float[] {0, .1f, .2f, .3f}),
                            "embedding.first_order.before.weight",
                            Tensor.of(new long[] {4, 1}, new float[] {0, 10, 20, 30})));
            FeatureViews views = embedding.forward(Models.batch(manager, ROWS));
            float two = (float) Math.sqrt(2);
            float three = (float) Math.sqrt(3);
            // The pairs (1, 2) . (3.5, 3) / sqrt 2, nothing before, and (.5, 4) . (3, 6) / sqrt 3.
            assertThat(views.secondOrder().toFloatArray())
                    .containsExactly(new float[] {9.5f / two, 0, 25.5f / three}, within(1e-5f));
            assertThat(views.firstOrder().toFloatArray())
                    .containsExactly(new float[] {.1f + 50 / two, .2f, .3f + 30 / three}, within(1e-5f));
            assertThat(views.flat().whole().toFloatArray())
                    .containsExactly(
                            new float[] {1, 2, 3.5f / two, 3 / two, 3, -1, 0, 0, .5f, 4, 3 / three, 6 / three},
                            within(1e-5f));
        }
    }
}
