package io.deepfm.model.pair;

import ai.djl.ndarray.NDList;
import io.deepfm.model.layer.SideRows;

/**
 * The factorization machine over pairs: the pairs of fields within each side, and the dot product of both sides' sums. It is
 * nothing of a model without the second-order view.
 */
public final class SecondOrderPairs implements PairTerm.Dot {

    @Override
    public NDList constants() {
        return new NDList();
    }

    @Override
    public Vectors side(SideRows rows) {
        return new Vectors(rows.views().secondOrder(), rows.sum());
    }
}
