package io.deepfm.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deepfm.model.CtrModel;
import io.deepfm.model.PyTorchFixture;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of pairs fits what is said of single rows. */
class InteractionsTest {

    static Stream<PyTorchFixture> fixtures() {
        return PyTorchFixture.all("forward");
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void aPairIsAsStrongAsItsTermsInTheRows(PyTorchFixture fixture) {
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = fixture.model(manager);
            Interactions found =
                    Interactions.of(model, List.of(fixture.tables(0)).iterator());
            assertThat(found.pairs()).hasSize(model.hasSecondOrder() ? model.heads() : 0);
            for (int head = 0; head < found.pairs().size(); head++) {
                List<List<Contribution>> rows = new Explainer(model).explain(fixture.tables(0), head);
                FieldMatrix.Pair strongest = found.pairs().get(head).pairs().get(0);
                double mean = rows.stream()
                        .flatMap(List::stream)
                        .filter(one -> one.fields().equals(List.of(strongest.first(), strongest.second())))
                        .mapToDouble(one -> Math.abs(one.value()))
                        .average()
                        .orElseThrow();
                assertThat(strongest.value()).isCloseTo(mean, within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void whatAFieldGivesInAttentionAddsUpToOne(PyTorchFixture fixture) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Interactions found = Interactions.of(
                    fixture.model(manager), List.of(fixture.tables(0)).iterator());
            assertThat(found.attention().isEmpty())
                    .isEqualTo(!fixture.toString().contains("attention"));
            found.attention().stream()
                    .flatMap(List::stream)
                    .flatMap(head -> Arrays.stream(head.values()))
                    .forEach(row -> assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(1e-5)));
        }
    }
}
