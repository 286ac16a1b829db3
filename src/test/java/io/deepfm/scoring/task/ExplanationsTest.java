package io.deepfm.scoring.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deepfm.model.CtrModel;
import io.deepfm.model.PyTorchFixture;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two heads have two columns. */
class ExplanationsTest {

    static Stream<PyTorchFixture> fixtures() {
        return PyTorchFixture.all("forward")
                .filter(fixture -> fixture.toString().contains("_two_1"));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void eachLogitHasItsColumn(PyTorchFixture fixture) {
        float[] logits = fixture.values("logits.eval");
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = fixture.model(manager);
            Explanations explanations = new Explanations(fixture.schema(), 2);
            assertThat(explanations.addTo(new StructType()).fieldNames())
                    .containsExactly("explanation", "explanation_like");
            List<Row> rows = explanations.addTo(
                    Collections.nCopies(logits.length / 2, RowFactory.create("before")), model, fixture.tables(0));
            for (int row = 0; row < rows.size(); row++) {
                assertThat(rows.get(row).getString(0)).isEqualTo("before");
                for (int head = 0; head < 2; head++) {
                    Row[] contributions = (Row[]) rows.get(row).get(1 + head);
                    assertThat(Arrays.stream(contributions)
                                    .mapToDouble(one -> one.getDouble(2))
                                    .sum())
                            .isCloseTo(logits[2 * row + head], within(1e-4));
                }
            }
        }
    }
}
