package io.deepfm.explanation;

import ai.djl.ndarray.NDArray;
import io.deepfm.model.CtrModel;
import java.util.Arrays;

/**
 * The second-order terms of a factorization machine, pair by pair: {@code sum_d w_d v_i,d v_j,d}, with weights of 1 where the model has
 * one head.
 *
 * @param vectors the fields' vectors, of shape (B, E, D)
 * @param weights what each of D dimensions weighs
 * @param fields the number of fields E
 */
record PairTerms(float[] vectors, float[] weights, int fields) {

    /** Those of a head. */
    static PairTerms of(CtrModel model, NDArray vectors, int head) {
        int dim = (int) vectors.getShape().get(2);
        float[] weights = new float[dim];
        NDArray all = model.embedding().secondOrderWeight();
        if (all == null) {
            Arrays.fill(weights, 1);
        } else {
            System.arraycopy(all.toFloatArray(), head * dim, weights, 0, dim);
        }
        return new PairTerms(
                vectors.toFloatArray(), weights, (int) vectors.getShape().get(1));
    }

    /** The term of fields i and j in a row. */
    double of(int row, int i, int j) {
        int dim = weights.length;
        int first = (row * fields + i) * dim;
        int second = (row * fields + j) * dim;
        double sum = 0;
        for (int d = 0; d < dim; d++) {
            sum += (double) weights[d] * vectors[first + d] * vectors[second + d];
        }
        return sum;
    }
}
