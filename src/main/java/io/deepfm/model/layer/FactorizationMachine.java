package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * The second-order term of a factorization machine: the sum of the dot products of all pairs of fields.
 *
 * <p>With the fields in groups, a pair lies within a group, whose part is a function of the group's row alone, or between
 * two, whose pairs together are the dot product of the groups' sums.
 *
 * @see <a href="https://doi.org/10.1109/ICDM.2010.127">Rendle, Factorization Machines, 2010, lemma 3.1</a>
 */
final class FactorizationMachine {

    private FactorizationMachine() {}

    /**
     * {@code sum_{i<j} <v_i, v_j> = 0.5 * sum_d ((sum_i v_id)^2 - sum_i v_id^2)}, in O(F * D).
     *
     * @param fields a group's vectors, shape (R, F, D)
     * @param sum their sum, shape (R, D)
     * @return shape (R, 1)
     */
    static NDArray within(NDArray fields, NDArray sum) {
        NDArray squareOfSum = sum.square().sum(new int[] {1}, true);
        NDArray sumOfSquares = fields.square().sum(new int[] {1, 2}).expandDims(1);
        return Scale.by(squareOfSum.sub(sumOfSquares), 0.5);
    }

    /**
     * The pairs between groups.
     *
     * @param sums each group's sum of vectors, shape (B, D)
     * @return shape (B, 1); null for one group, which has no such pairs
     */
    static NDArray between(NDList sums) {
        NDArray pairs = null;
        NDArray before = sums.get(0);
        for (int i = 1; i < sums.size(); i++) {
            NDArray products = before.mul(sums.get(i)).sum(new int[] {1}, true);
            pairs = pairs == null ? products : pairs.add(products);
            before = i + 1 < sums.size() ? before.add(sums.get(i)) : before;
        }
        return pairs;
    }
}
