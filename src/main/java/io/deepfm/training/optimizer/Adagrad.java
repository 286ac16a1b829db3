package io.deepfm.training.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.deepfm.config.TrainingConfig;
import java.util.List;

/**
 * Adagrad, row-wise for embedding tables: their rows have one sum of squared gradients each, a third of the memory of Adam
 * at width 8 and less the wider they are. Other weights have one each.
 *
 * <pre>
 * s = s + g^2                      a dense weight
 * s_r = s_r + mean over d of g_rd^2     row r of an embedding table
 * w = w - lr * g / (sqrt(s) + eps)
 * </pre>
 *
 * @see <a href="https://jmlr.org/papers/v12/duchi11a.html">Duchi et al., Adaptive subgradient methods, 2011</a>
 * @see <a href="https://arxiv.org/abs/1906.00091">Naumov et al., Deep Learning Recommendation Model, 2019</a>, whose row-wise
 *     form this is
 */
public final class Adagrad implements Optimizer {

    /** {@code weight_decay}. */
    public record Settings(TrainingConfig training) {}

    /** {@code training.optimizer = adagrad}. */
    public static final class Factory implements OptimizerFactory<Settings> {
        @Override
        public String name() {
            return "adagrad";
        }

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public Optimizer create(Settings settings) {
            return new Adagrad(settings.training().weightDecay());
        }
    }

    /** PyTorch's. */
    private static final double EPSILON = 1e-10;

    private final double weightDecay;

    Adagrad(double weightDecay) {
        this.weightDecay = weightDecay;
    }

    @Override
    public List<String> moments() {
        return List.of("sum");
    }

    @Override
    public Shape momentShape(Shape weights) {
        return weights.dimension() == 1 ? weights : new Shape(weights.get(0), 1);
    }

    @Override
    public void update(long step, NDArray weights, NDArray gradients, List<NDArray> moments, double learningRate) {
        NDArray sum = moments.get(0);
        if (weightDecay > 0) {
            gradients.addi(weights.mul((float) weightDecay));
        }
        NDArray squares = gradients.square();
        sum.addi(squares.getShape().dimension() == 1 ? squares : squares.mean(new int[] {1}, true));
        weights.subi(gradients.div(sum.sqrt().addi((float) EPSILON)).muli((float) learningRate));
    }
}
