package io.deepfm.model.pair;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.deepfm.model.embedding.SideRows;

/**
 * A term of the logit of a pair of a list and an item, arranged for scoring: what is a function of one side alone is computed
 * once for each of its rows, however many pairs it is in. Weights are as they were when the term was made.
 */
public sealed interface PairTerm {

    /**
     * Weights that the term has prepared.
     *
     * @return arrays of its own, to be closed after the last use
     */
    NDList constants();

    /** A term of one head that is a number of each side and the dot product of a vector of each. */
    non-sealed interface Dot extends PairTerm {

        /**
         * To which logit the term belongs.
         *
         * @return the head's place
         */
        int head();

        /**
         * Computes a side.
         *
         * @param rows R rows of the side
         * @return their numbers and vectors
         */
        Vectors side(SideRows rows);
    }

    /**
     * What a side brings to a {@link Dot}.
     *
     * @param own the number that is added to all logits, shape (R, 1); null for 0
     * @param vector what is multiplied with the other side's, shape (R, K); null for none
     */
    record Vectors(NDArray own, NDArray vector) {}

    /** Any other term. */
    non-sealed interface Joint extends PairTerm {

        /**
         * Computes what the term needs of a side.
         *
         * @param rows R rows of the side
         * @return shape (R, K)
         */
        NDArray side(SideRows rows);

        /**
         * Computes the term.
         *
         * @param lists what {@link #side} gave for lists
         * @param items what it gave for items
         * @param pairs B pairs of their rows
         * @return shape (B, H)
         */
        NDArray logits(NDArray lists, NDArray items, Pairs pairs);
    }
}
