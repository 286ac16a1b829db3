package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;

/**
 * A loss that compares an observed interaction with its sampled negatives. It says nothing of observed interactions with
 * label 0, which are no better than what is sampled.
 */
abstract class GroupLoss<S extends Record> implements Loss<S> {

    /**
     * The loss of each group.
     *
     * @param observed the observed items' logits, shape (G, 1)
     * @param sampled their negatives', shape (G, N)
     * @param negatives 1 where there is a negative, shape (G, N)
     * @return shape (G, 1)
     */
    abstract NDArray ofGroups(NDArray observed, NDArray sampled, NDArray negatives);

    @Override
    public final boolean needsNegatives() {
        return true;
    }

    @Override
    public final NDArray of(Predictions predictions, S settings) {
        Groups groups = predictions.groups().get();
        NDArray logits = predictions.logits();
        NDArray liked = groups.observed(predictions.labels()).stopGradient();
        NDArray losses = ofGroups(groups.observed(logits), groups.sampled(logits), groups.negatives());
        NDArray counted = losses.mul(liked);
        NDArray weighted =
                predictions.weights().map(groups::observed).map(counted::mul).orElse(counted);
        return weighted.sum().div(liked.sum().maximum(1f));
    }
}
