package io.deepfm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import io.deepfm.job.Configurations;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.model.io.TensorFile;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.parameter.Block;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.training.loss.Objective;
import io.deepfm.training.loss.Targets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each model computes what the same model in plain PyTorch computes. */
class PyTorchForwardTest {

    static Stream<PyTorchFixture> fixtures() {
        return PyTorchFixture.all("forward");
    }

    @Test
    void eachModelIsComparedInSixSettingsAndInThreeWithTwoHeads() {
        List<String> names =
                Architecture.registry().all().stream().map(Architecture::name).toList();
        assertThat(fixtures().map(fixture -> fixture.config().modelName()).toList())
                .containsAll(names)
                .hasSize((6 + 3) * names.size());
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void logitsAreEqual(PyTorchFixture fixture) {
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] logits = fixture.model(manager)
                    .forward(fixture.batch(manager, 0), Pass.inference())
                    .toFloatArray();
            assertThat(logits).containsExactly(fixture.values("logits.eval"), within(1e-5f));
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void logitsGradientsAndStatisticsOfATrainingPassAreEqual(PyTorchFixture fixture) {
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = fixture.model(manager);
            Block block = model.parameters().block();
            float[] found;
            float[] gradients;
            FeatureBatch batch = fixture.batch(manager, 0);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector();
                    NDScope around = new NDScope();
                    Pass pass = Pass.training()) {
                around.suppressNotUsedWarning();
                block.requireGradients();
                NDArray logits = pass.forward(() -> model.forward(batch, pass));
                NDArray leaf = logits.stopGradient();
                leaf.setRequiresGradient(true);
                Targets targets = fixture.targets(manager, 0);
                JavaMemory.overwriteWhatIsFree();
                collector.backward(new Objective(Configurations.defaults(), model.heads(), 10).of(leaf, targets));
                pass.backward(logits, leaf.getGradient());
                found = logits.toFloatArray();
                gradients = block.takeGradients().toFloatArray();
            }
            assertThat(found).containsExactly(fixture.values("logits.train"), within(1e-5f));
            Map<String, float[]> after = TensorFile.values(model.parameters().values());
            assertSoftly(softly -> {
                int offset = 0;
                for (Parameter parameter : block.parameters()) {
                    float[] expected = fixture.values("grad." + parameter.name());
                    assertGradient(softly, parameter.name(), gradients, offset, expected);
                    offset += expected.length;
                }
                after.forEach((name, values) -> {
                    if (fixture.has("after." + name)) {
                        softly.assertThat(values)
                                .as(name)
                                .containsExactly(fixture.values("after." + name), within(1e-5f));
                    }
                });
            });
        }
    }

    /** Equal to 1e-4 of the largest of the weight; what is zero but for rounding, to some units of rounding. */
    private static void assertGradient(
            SoftAssertions softly, String name, float[] gradients, int offset, float[] expected) {
        double largest = 5e-3;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            softly.assertThat((double) gradients[offset + i])
                    .as(name + "[" + i + "]")
                    .isCloseTo(expected[i], within(1e-4 * largest));
        }
    }
}
