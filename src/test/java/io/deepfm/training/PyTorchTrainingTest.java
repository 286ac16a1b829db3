package io.deepfm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.Configurations;
import io.deepfm.metrics.MonitoredMetric;
import io.deepfm.model.Architecture;
import io.deepfm.model.CtrModel;
import io.deepfm.model.PyTorchFixture;
import io.deepfm.model.io.TensorFile;
import io.deepfm.training.schedule.LearningRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training moves as the same training in plain PyTorch does. */
class PyTorchTrainingTest {

    static Stream<PyTorchFixture> trainings() {
        return PyTorchFixture.all("training");
    }

    static Stream<JsonNode> plateaus() {
        return StreamSupport.stream(
                PyTorchFixture.json("schedules").get("plateau").spliterator(), false);
    }

    @Test
    void eachModelIsTrainedWithEachOptimizerPlainAndRegularizedAndWithTwoHeads() {
        assertThat(trainings()).hasSize(Architecture.registry().all().size() * (3 * 2 + 1));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void lossesAndWeightsOfFiftyStepsAreEqual(PyTorchFixture fixture) {
        ExperimentConfig config = config(fixture.training());
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = fixture.model(manager);
            TrainingStep step = new TrainingStep(model, manager, 10, config);
            float[] expected = fixture.values("losses");
            float[] losses = new float[expected.length];
            for (int i = 0; i < losses.length; i++) {
                try (NDManager scratch = manager.newSubManager()) {
                    int batch = i % fixture.batches();
                    float[] labels = fixture.labels(batch);
                    step.step(
                            fixture.batch(scratch, batch),
                            fixture.targets(scratch, batch),
                            config.training().lr());
                    losses[i] = (float) (step.takeLosses() / labels.length);
                }
            }
            assertThat(losses).containsExactly(expected, within(1e-4f));
            Map<String, float[]> trained = TensorFile.values(model.parameters().values());
            trained.keySet().removeAll(fixture.undetermined());
            assertSoftly(softly -> trained.forEach((name, values) -> softly.assertThat(values)
                    .as(name)
                    .containsExactly(fixture.values("final." + name), within(1e-3f))));
        }
    }

    @ParameterizedTest
    @MethodSource("plateaus")
    void reduceOnPlateauGivesTheSameRates(JsonNode plateau) {
        ExperimentConfig config = Configurations.defaults(
                "training.metric=" + plateau.get("metric").asText());
        LearningRate rate = LearningRate.create(config.training(), MonitoredMetric.of(config));
        assertThat(rates(rate, plateau.get("values"))).containsExactly(numbers(plateau.get("learning_rates")));
    }

    @Test
    void cosineGivesTheSameRates() {
        JsonNode cosine = PyTorchFixture.json("schedules").get("cosine");
        ExperimentConfig config = Configurations.defaults(
                "training.scheduler=cosine",
                "training.lr=" + cosine.get("lr"),
                "training.epochs=" + cosine.get("epochs"));
        LearningRate rate = LearningRate.create(config.training(), MonitoredMetric.of(config));
        assertThat(rates(rate, cosine.get("learning_rates")))
                .containsExactly(numbers(cosine.get("learning_rates")), within(1e-15));
    }

    private static ExperimentConfig config(JsonNode training) {
        List<String> overrides = new ArrayList<>();
        overrides.add("feature.embedding_l2_reg=" + training.get("embedding_l2_reg"));
        for (String key : List.of("optimizer", "lr", "weight_decay", "momentum", "gradient_clip_norm")) {
            overrides.add("training." + key + "=" + training.get(key).asText());
        }
        return Configurations.defaults(overrides.toArray(String[]::new));
    }

    private static double[] rates(LearningRate rate, JsonNode metrics) {
        double[] rates = new double[metrics.size()];
        for (int epoch = 0; epoch < rates.length; epoch++) {
            rates[epoch] = rate.current();
            rate.epochEnded(metrics.get(epoch).asDouble());
        }
        return rates;
    }

    private static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble();
        }
        return numbers;
    }
}
