package io.deepfm.training.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.deepfm.model.embedding.FeatureEmbedding;
import io.deepfm.model.embedding.GatheredRows;
import io.deepfm.model.parameter.Block;
import io.deepfm.model.parameter.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves a model's weights with an {@link Optimizer} and keeps its moments, each of the shape of the weights.
 *
 * <p>A block is moved as a whole, or of embedding tables those rows alone that a batch read. Then the moments of the
 * other rows stay as they are, and with them their weights: for Adam that is what PyTorch's SparseAdam and TensorFlow Addons'
 * LazyAdam do. With {@code g_r} the gradient of row r and t the number of the step, over all steps of the training,
 *
 * <pre>
 * m_r = b1 m_r + (1 - b1) g_r
 * v_r = b2 v_r + (1 - b2) g_r^2
 * w_r = w_r - lr / (1 - b1^t) * m_r / (sqrt(v_r / (1 - b2^t)) + eps)     if the batch has r; else all three stay
 * </pre>
 *
 * where SparseAdam adds eps before the correction of v. With every row in every batch this is Adam.
 *
 * <p>It may also keep a moving average of the weights: see {@link #exchangeAverage}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.SparseAdam.html">SparseAdam</a>
 */
public final class WeightUpdates {

    /**
     * What was gathered over the steps so far.
     *
     * @param steps the number of steps
     * @param moments by name
     */
    public record State(long steps, Map<String, Tensor> moments) {}

    /** In a state, the weights that are kept while the model has the averages. */
    private static final String WEIGHTS = "weights.";

    private final Optimizer optimizer;
    private final Optional<WeightAverage> average;
    private final Map<String, List<NDArray>> moments = new LinkedHashMap<>();
    private long steps;

    /**
     * @param optimizer the formula
     * @param manager owns the moments
     * @param blocks the weights that will be moved
     * @param averageDecay of the weights' moving average; 0 for none
     */
    public WeightUpdates(Optimizer optimizer, NDManager manager, List<Block> blocks, double averageDecay) {
        this.optimizer = optimizer;
        this.average =
                averageDecay == 0 ? Optional.empty() : Optional.of(new WeightAverage(averageDecay, manager, blocks));
        for (Block block : blocks) {
            Shape shape = optimizer.momentShape(block.values().getShape());
            List<NDArray> zeros = new ArrayList<>();
            optimizer.moments().forEach(name -> zeros.add(manager.zeros(shape)));
            moments.put(block.name(), zeros);
        }
    }

    /** Begins a step: all that follows belongs to it. */
    public void nextStep() {
        steps++;
    }

    /**
     * Moves all weights of a block.
     *
     * @param block the weights
     * @param gradients their gradients, of their shape; changed
     * @param learningRate the step's size
     */
    public void all(Block block, NDArray gradients, double learningRate) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            optimizer.update(steps, block.values(), gradients, moments.get(block.name()), learningRate);
            average.ifPresent(of -> of.all(block, steps == 1));
        }
    }

    /**
     * Moves the rows of embedding tables that a batch read.
     *
     * @param part the rows, all different
     * @param gradients their gradients, shape (U, width); changed
     * @param learningRate the step's size
     */
    public void rows(GatheredRows.Part part, NDArray gradients, double learningRate) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<NDArray> all = moments.get(part.block().name());
            List<NDArray> gathered = new ArrayList<>();
            all.forEach(moment -> gathered.add(FeatureEmbedding.gather(moment, part.rows())));
            NDArray weights = part.values().stopGradient();
            optimizer.update(steps, weights, gradients, gathered, learningRate);
            NDIndex rows = new NDIndex("{}", part.rows());
            part.block().values().set(rows, weights);
            for (int i = 0; i < gathered.size(); i++) {
                all.get(i).set(rows, gathered.get(i));
            }
            average.ifPresent(of -> of.rows(part, weights, steps == 1));
        }
    }

    /**
     * Gives the model the average of its weights over the steps, where one is kept, and the next time its weights back.
     *
     * <p>A state is taken and restored in between, so that a checkpoint's weights are those that were evaluated.
     */
    public void exchangeAverage() {
        average.ifPresent(WeightAverage::exchange);
    }

    /**
     * What was gathered so far, as it is when it is read.
     *
     * @return with which {@link #restore} goes on
     */
    public State state() {
        Map<String, Tensor> values = new LinkedHashMap<>();
        moments.forEach((block, arrays) -> {
            for (int i = 0; i < arrays.size(); i++) {
                values.put(name(block, i), Tensor.of(arrays.get(i)));
            }
        });
        average.ifPresent(of -> of.kept().forEach((block, kept) -> values.put(WEIGHTS + block, Tensor.of(kept))));
        return new State(steps, values);
    }

    /**
     * Goes on where another training with the same optimizer was.
     *
     * @param state what its {@link #state} gave
     */
    public void restore(State state) {
        steps = state.steps();
        moments.forEach((block, arrays) -> {
            for (int i = 0; i < arrays.size(); i++) {
                state.moments().get(name(block, i)).copyTo(arrays.get(i));
            }
        });
        average.ifPresent(of -> of.kept()
                .forEach((block, kept) -> state.moments().get(WEIGHTS + block).copyTo(kept)));
    }

    private String name(String block, int moment) {
        return optimizer.moments().get(moment) + "." + block;
    }
}
