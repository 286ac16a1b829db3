package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a loss compares, of a batch of B rows.
 *
 * @param logits the model's output, shape (B)
 * @param labels 1 or 0, shape (B)
 * @param weights what each row weighs, shape (B); nothing where all weigh 1
 * @param groups makes known which rows belong together; each call brings it to the device anew, as long as the batch is there
 * @param items the number of items that negatives are sampled from
 */
public record Predictions(
        NDArray logits, NDArray labels, Optional<NDArray> weights, Supplier<Groups> groups, int items) {

    /**
     * The mean of what rows lose, each as much as it weighs; as in PyTorch's {@code weight} it is over the number of rows, not
     * over the sum of weights.
     *
     * @param losses shape (B)
     * @return a single number
     */
    public NDArray mean(NDArray losses) {
        return weights.map(losses::mul).orElse(losses).mean();
    }
}
