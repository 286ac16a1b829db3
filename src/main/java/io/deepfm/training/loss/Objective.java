package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.deepfm.config.ExperimentConfig;
import java.util.function.Function;

/**
 * What a step of training makes small, of all of a model's heads.
 *
 * <pre>
 * one head:   L(logit, label)
 * two heads:  L(interact, observed) + 1 / B sum_{i in O} BCE(like_i, label_i)
 * </pre>
 *
 * <p>L is the loss that {@code training.loss} names, over all B rows, and O the observed interactions: of a sampled negative nobody
 * knows whether the user would like it. Each observed row weighs the same in both terms, 1 or what its repeats make of it; were the second one a mean over O, it
 * would drown the first where there are many negatives.
 */
public final class Objective {

    private final Function<Predictions, NDArray> loss;
    private final int heads;
    private final int items;

    /**
     * @param config the loss
     * @param heads 1 or 2
     * @param items the number of items that negatives are sampled from
     */
    public Objective(ExperimentConfig config, int heads, int items) {
        this.loss = Loss.of(config);
        this.heads = heads;
        this.items = items;
    }

    /**
     * The objective of a batch.
     *
     * @param logits shape (B, H)
     * @param targets of the B rows
     * @return a single number
     */
    public NDArray of(NDArray logits, Targets targets) {
        if (heads == 1) {
            return loss.apply(
                    new Predictions(logits.squeeze(1), targets.labels(), targets.weights(), targets.groups(), items));
        }
        NDArray interact = logits.get(new NDIndex(":, 0:1")).squeeze(1);
        NDArray like = logits.get(new NDIndex(":, 1:2")).squeeze(1);
        NDArray observed = targets.observed();
        NDArray likes = targets.weighted(
                BinaryCrossEntropy.ofRows(like, targets.labels()).mul(observed));
        return loss.apply(new Predictions(interact, observed, targets.weights(), targets.groups(), items))
                .add(likes.mean());
    }
}
