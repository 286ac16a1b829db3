package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;

/**
 * The second-order term of a factorization machine: the sum of the dot products of all pairs of fields.
 *
 * @see <a href="https://doi.org/10.1109/ICDM.2010.127">Rendle, Factorization Machines, 2010, lemma 3.1</a>
 */
public final class FactorizationMachine {

    private static final int[] FIELDS = {1};

    private FactorizationMachine() {}

    /**
     * {@code sum_{i<j} <v_i, v_j> = 0.5 * sum_d ((sum_i v_id)^2 - sum_i v_id^2)}, in O(F * D).
     *
     * @param fields shape (B, F, D)
     * @return shape (B, 1)
     */
    public static NDArray secondOrder(NDArray fields) {
        NDArray squareOfSum = fields.sum(FIELDS).square();
        NDArray sumOfSquares = fields.square().sum(FIELDS);
        return Scale.by(squareOfSum.sub(sumOfSquares).sum(new int[] {1}, true), 0.5);
    }
}
