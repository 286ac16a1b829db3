package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;

/**
 * The second-order term of a factorization machine: the sum of the dot products of all pairs of fields,
 *
 * <pre>sum_{i&lt;j} &lt;v_i, v_j&gt; = 0.5 * (|sum_i v_i|^2 - sum_i |v_i|^2)</pre>
 *
 * in O(F * D). With the fields in groups, each group's sum and squares are functions of the group's row alone.
 *
 * @see <a href="https://doi.org/10.1109/ICDM.2010.127">Rendle, Factorization Machines, 2010, lemma 3.1</a>
 */
final class FactorizationMachine {

    private final Parameter weight;

    /**
     * @param parameters where the weights are declared
     * @param dim the width D of the fields' vectors
     * @param heads the number of logits H; of several, each has its own weight of each dimension, {@code fm.weight}, shape (H, D)
     */
    FactorizationMachine(Parameters parameters, int dim, int heads) {
        this.weight = heads == 1 ? null : parameters.trained("fm.weight", new Shape(heads, dim), Initializer.ONES);
    }

    /**
     * Half the squares of a group's vectors, summed over fields and, as the heads weigh them, over dimensions.
     *
     * @param fields a group's vectors, shape (R, F, D)
     * @return shape (R, H)
     */
    NDArray halfSquares(NDArray fields) {
        return weighted(half(squares(fields).sum(new int[] {1})));
    }

    /**
     * All pairs of fields.
     *
     * @param sums each group's sum of vectors, shape (B, D)
     * @param halfSquares what {@link #halfSquares} gave for each group, shape (B, H)
     * @return shape (B, H)
     */
    NDArray pairs(NDList sums, NDList halfSquares) {
        NDArray halfOfSum = weighted(half(squares(FeatureEmbedding.sum(sums))));
        return halfOfSum.sub(FeatureEmbedding.sum(halfSquares));
    }

    /** With the gradient of half of them, v: that of {@code v * v} to one factor alone, which is one product on the way back. */
    private static NDArray squares(NDArray vectors) {
        return vectors.mul(vectors.stopGradient());
    }

    /** Takes half of their value off, and nothing of their gradient. */
    private static NDArray half(NDArray squares) {
        return squares.sub(squares.stopGradient().mul(0.5f));
    }

    private NDArray weighted(NDArray dimensions) {
        return weight == null
                ? dimensions.sum(new int[] {1}, true)
                : Linear.linear(dimensions, weight.array()).singletonOrThrow();
    }

    /** The heads' weights of the dimensions, shape (H, D); null for one head. */
    NDArray weight() {
        return weight == null ? null : weight.array();
    }
}
