package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;

/**
 * The second-order term of a factorization machine: the sum of the dot products of all pairs of fields.
 *
 * <p>With the fields in groups, a pair lies within a group, whose part is a function of the group's row alone, or between
 * two, whose pairs together are the dot product of the groups' sums.
 *
 * @see <a href="https://doi.org/10.1109/ICDM.2010.127">Rendle, Factorization Machines, 2010, lemma 3.1</a>
 */
final class FactorizationMachine {

    private final int heads;
    private final Parameter weight;

    /**
     * @param parameters where the weights are declared
     * @param dim the width D of the fields' vectors
     * @param heads the number of logits H; of several, each has its own weight of each dimension, {@code fm.weight}, shape (H, D)
     */
    FactorizationMachine(Parameters parameters, int dim, int heads) {
        this.heads = heads;
        this.weight = heads == 1 ? null : parameters.trained("fm.weight", new Shape(heads, dim), Initializer.ONES);
    }

    /**
     * {@code sum_{i<j} <v_i, v_j> = 0.5 * sum_i <v_i, s - v_i>} with {@code s = sum_i v_i}, in O(F * D).
     *
     * <p>Its gradient with respect to {@code v_i} is {@code s - v_i}: that of the whole sum, where the second factor is taken
     * for a constant. So half of the value is taken away without a gradient, and what goes back is one product.
     *
     * @param fields a group's vectors, shape (R, F, D)
     * @param sum their sum, shape (R, D)
     * @return shape (R, H)
     */
    NDArray within(NDArray fields, NDArray sum) {
        NDArray others = sum.stopGradient().expandDims(1).sub(fields.stopGradient());
        NDArray products = fields.mul(others);
        return weight == null
                ? half(products.sum(new int[] {1, 2})).expandDims(1)
                : weighted(half(products.sum(new int[] {1})));
    }

    private static NDArray half(NDArray twice) {
        return twice.sub(twice.stopGradient().mul(0.5f));
    }

    /** The heads' weights of the dimensions, shape (H, D); null for one head. */
    NDArray weight() {
        return weight == null ? null : weight.array();
    }

    private NDArray weighted(NDArray dimensions) {
        return Linear.linear(dimensions, weight.array()).singletonOrThrow();
    }

    /**
     * The pairs between groups.
     *
     * @param sums each group's sum of vectors, shape (B, D)
     * @return shape (B, H); null for one group, which has no such pairs
     */
    NDArray between(NDList sums) {
        NDArray pairs = null;
        NDArray before = sums.get(0);
        for (int i = 1; i < sums.size(); i++) {
            NDArray dimensions = before.mul(sums.get(i));
            NDArray products = weight == null ? dimensions.sum(new int[] {1}, true) : weighted(dimensions);
            pairs = pairs == null ? products : pairs.add(products);
            before = i + 1 < sums.size() ? before.add(sums.get(i)) : before;
        }
        return pairs;
    }
}
