package io.deepfm.training.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Configurations;
import io.deepfm.model.JavaMemory;
import io.deepfm.model.PyTorchFixture;
import io.deepfm.training.shard.Batch;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses over groups against their formulas, written out in double precision. */
class GroupLossesTest {

    /** Groups of one positive and two negatives, a disliked item with one, and a positive with none. */
    private static final Batch BATCH = new Batch(
            new int[3],
            new int[] {0, 3, 5, 6},
            new int[6],
            new float[] {1, 0, 0, 0, 0, 1},
            new FeatureTable(3, new int[0], new float[0]));

    /** The same groups: the first stands for two interactions, the last for three. */
    private static final Batch WEIGHTED = new Batch(
            BATCH.users(), BATCH.offsets(), BATCH.items(), BATCH.labels(), new float[] {2, 1.5f, 3}, BATCH.context());

    private static final float[] LOGITS = {0.5f, -0.2f, 1.5f, 3, -1, 0.7f};
    private static final int ITEMS = 21;

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Test
    void softmaxIsTheObservedItemsShareOfItsGroup() {
        // Groups 0 and 2; the second has nothing beside it, and so loses nothing.
        check("sampled_softmax", x -> {
            double share = Math.exp(x[0]) / (Math.exp(x[0]) + Math.exp(x[1]) + Math.exp(x[2]));
            return (-Math.log(share) + 0 * x[5]) / 2;
        });
    }

    @Test
    void bprComparesPairs() {
        check("bpr", x -> -(Math.log(sigmoid(x[0] - x[1])) + Math.log(sigmoid(x[0] - x[2]))) / 2 / 2);
    }

    @Test
    void gbceRaisesTheProbabilityOfPositives() {
        // 4 negatives of 20 other items: alpha = 0.2; t = 0.75: beta = 0.2 (0.75 (1 - 5) + 5) = 0.4.
        assertThat(GeneralizedBinaryCrossEntropy.beta(4, ITEMS, 0.75)).isCloseTo(0.4, within(1e-12));
        assertThat(GeneralizedBinaryCrossEntropy.beta(4, ITEMS, 0)).isCloseTo(1, within(1e-12));
        assertThat(GeneralizedBinaryCrossEntropy.beta(4, ITEMS, 1)).isCloseTo(0.2, within(1e-12));
        check("gbce", x -> {
            double sum = -0.4 * (Math.log(sigmoid(x[0])) + Math.log(sigmoid(x[5])));
            for (int row : new int[] {1, 2, 3, 4}) {
                sum -= Math.log(1 - sigmoid(x[row]));
            }
            return sum / 6;
        });
    }

    /**
     * What torch.nn.functional.binary_cross_entropy_with_logits gives with weight = [2, 1, 1, 1.5, 1, 3]: the losses of the rows
     * are .4740770, .5981389, 1.7014133, 3.0485874, .3132617 and .4031859; their weighted sum over 6.
     */
    @Test
    void aWeightMultipliesTheLossOfItsRowAsInPyTorch() {
        check("binary_cross_entropy", BATCH, x -> crossEntropy(x, 1, 1, 1, 1, 1, 1));
        check("binary_cross_entropy", WEIGHTED, x -> crossEntropy(x, 2, 1, 1, 1.5, 1, 3));
        double[] logits =
                IntStream.range(0, LOGITS.length).mapToDouble(i -> LOGITS[i]).toArray();
        assertThat(crossEntropy(logits, 1, 1, 1, 1, 1, 1)).isCloseTo(1.0897774, within(1e-6));
        assertThat(crossEntropy(logits, 2, 1, 1, 1.5, 1, 3)).isCloseTo(1.5572345, within(1e-6));
    }

    @Test
    void aWeightMultipliesTheLossOfItsGroup() {
        check("sampled_softmax", WEIGHTED, x -> {
            double share = Math.exp(x[0]) / (Math.exp(x[0]) + Math.exp(x[1]) + Math.exp(x[2]));
            return (-2 * Math.log(share) + 3 * 0 * x[5]) / 2;
        });
        check("bpr", WEIGHTED, x -> -2 * (Math.log(sigmoid(x[0] - x[1])) + Math.log(sigmoid(x[0] - x[2]))) / 2 / 2);
        check("gbce", WEIGHTED, x -> {
            double sum = -0.4 * (2 * Math.log(sigmoid(x[0])) + 3 * Math.log(sigmoid(x[5])));
            for (int row : new int[] {1, 2, 3, 4}) {
                sum -= (row == 3 ? 1.5 : 1) * Math.log(1 - sigmoid(x[row]));
            }
            return sum / 6;
        });
    }

    private static double crossEntropy(double[] x, double... weights) {
        double sum = 0;
        for (int row = 0; row < x.length; row++) {
            boolean positive = row == 0 || row == 5;
            sum -= weights[row] * Math.log(positive ? sigmoid(x[row]) : 1 - sigmoid(x[row]));
        }
        return sum / 6;
    }

    @Test
    void weightsAreTheSameForBothHeads() {
        float[] like = {2, 9, 9, -1, 9, 0.5f};
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray logits = manager.create(LOGITS)
                    .expandDims(1)
                    .concat(manager.create(like).expandDims(1), 1);
            float value = new Objective(Configurations.defaults(), 2, ITEMS)
                    .of(logits, WEIGHTED.targets(manager))
                    .getFloat();
            double sum = 0;
            double[] weights = {2, 1, 1, 1.5, 1, 3};
            for (int row = 0; row < 6; row++) {
                boolean observed = row == 0 || row == 3 || row == 5;
                sum -= weights[row] * Math.log(observed ? sigmoid(LOGITS[row]) : 1 - sigmoid(LOGITS[row]));
            }
            sum -= 2 * Math.log(sigmoid(2)) + 1.5 * Math.log(1 - sigmoid(-1)) + 3 * Math.log(sigmoid(0.5));
            assertThat((double) value).isCloseTo(sum / 6, within(1e-6));
        }
    }

    @Test
    void withTwoHeadsOneLearnsWhatWasObservedAndOneTheLabelsOfThat() {
        ExperimentConfig config = Configurations.defaults();
        float[] like = {2, 9, 9, -1, 9, 0.5f};
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray logits = manager.create(LOGITS)
                    .expandDims(1)
                    .concat(manager.create(like).expandDims(1), 1);
            float value = new Objective(config, 2, ITEMS)
                    .of(logits, BATCH.targets(manager))
                    .getFloat();
            double interact = 0;
            for (int row = 0; row < 6; row++) {
                boolean observed = row == 0 || row == 3 || row == 5;
                interact -= Math.log(observed ? sigmoid(LOGITS[row]) : 1 - sigmoid(LOGITS[row])) / 6;
            }
            double likes = -(Math.log(sigmoid(2)) + Math.log(1 - sigmoid(-1)) + Math.log(sigmoid(0.5))) / 6;
            assertThat((double) value).isCloseTo(interact + likes, within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sampled_softmax", "bpr", "gbce"})
    void valuesAndGradientsAreThoseOfPyTorch(String name) {
        JsonNode fixture = PyTorchFixture.json("group_losses");
        int size = 1 + fixture.get("negatives").asInt();
        float[] values = floats(fixture.get("logits"));
        int groups = values.length / size;
        float[] labels = new float[values.length];
        for (int group = 0; group < groups; group++) {
            labels[group * size] = 1;
        }
        Batch batch = new Batch(
                new int[groups],
                IntStream.rangeClosed(0, groups).map(group -> group * size).toArray(),
                new int[values.length],
                labels,
                new FeatureTable(groups, new int[0], new float[0]));
        // 4 negatives of 20 other items give PyTorch's beta.
        assertThat(fixture.get("beta").asDouble()).isEqualTo(0.4);
        ExperimentConfig config = Configurations.defaults("training.loss=" + name, "data.num_neg_train=4");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray logits = manager.create(values).expandDims(1);
            logits.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray loss = new Objective(config, 1, ITEMS).of(logits, batch.targets(manager));
                assertThat(loss.getFloat())
                        .isCloseTo((float) fixture.at("/" + name + "/loss").asDouble(), within(1e-6f));
                JavaMemory.overwriteWhatIsFree();
                collector.backward(loss);
            }
            assertThat(logits.getGradient().toFloatArray())
                    .containsExactly(floats(fixture.at("/" + name + "/gradient")), within(1e-6f));
        }
    }

    private static float[] floats(JsonNode values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values.get(i).asDouble();
        }
        return floats;
    }

    /** The value, and the gradient by differences. */
    private static void check(String name, ToDoubleFunction<double[]> formula) {
        check(name, BATCH, formula);
    }

    private static void check(String name, Batch batch, ToDoubleFunction<double[]> formula) {
        ExperimentConfig config = Configurations.defaults("training.loss=" + name, "data.num_neg_train=4");
        double[] x = new double[LOGITS.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = LOGITS[i];
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray logits = manager.create(LOGITS).expandDims(1);
            logits.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray loss = new Objective(config, 1, ITEMS).of(logits, batch.targets(manager));
                assertThat((double) loss.getFloat()).isCloseTo(formula.applyAsDouble(x), within(1e-6));
                collector.backward(loss);
            }
            float[] gradient = logits.getGradient().toFloatArray();
            for (int i = 0; i < x.length; i++) {
                double[] above = x.clone();
                double[] below = x.clone();
                above[i] += 1e-5;
                below[i] -= 1e-5;
                double slope = (formula.applyAsDouble(above) - formula.applyAsDouble(below)) / 2e-5;
                assertThat((double) gradient[i]).as("row " + i).isCloseTo(slope, within(1e-5));
            }
        }
    }
}
