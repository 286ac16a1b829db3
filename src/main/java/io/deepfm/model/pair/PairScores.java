package io.deepfm.model.pair;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.deepfm.model.embedding.Side;
import io.deepfm.model.embedding.SideRows;
import io.deepfm.model.pair.PairTerm.Dot;
import io.deepfm.model.pair.PairTerm.Joint;
import io.deepfm.model.pair.PairTerm.Vectors;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model over pairs of a list and an item: the sum of its terms, with all dot products as one.
 */
public final class PairScores {

    /** Those of each head. */
    private final List<List<Dot>> dots;

    private final List<Joint> joints;

    /**
     * @param terms at least one
     * @param heads the number of logits H
     */
    public PairScores(List<PairTerm> terms, int heads) {
        List<Dot> all = terms.stream()
                .filter(Dot.class::isInstance)
                .map(Dot.class::cast)
                .toList();
        dots = all.isEmpty()
                ? List.of()
                : IntStream.range(0, heads)
                        .mapToObj(head ->
                                all.stream().filter(dot -> dot.head() == head).toList())
                        .toList();
        joints = terms.stream()
                .filter(Joint.class::isInstance)
                .map(Joint.class::cast)
                .toList();
    }

    /**
     * Computes what is a function of one side alone.
     *
     * @param rows R rows of the side
     * @return arrays of R rows each
     */
    public NDList side(SideRows rows) {
        NDList side = new NDList();
        if (!dots.isEmpty()) {
            NDList heads = new NDList();
            dots.forEach(head -> heads.add(vectors(head, rows)));
            side.add(heads.size() == 1 ? heads.get(0) : NDArrays.concat(heads, 1));
        }
        joints.forEach(term -> side.add(term.side(rows)));
        return side;
    }

    /** The numbers of both sides are products with 1: (u, 1, v) times (1, w, z), shape (R, 2 + K). */
    private static NDArray vectors(List<Dot> head, SideRows rows) {
        NDArray own = null;
        NDList vectors = new NDList();
        for (Dot term : head) {
            Vectors vector = term.side(rows);
            if (vector.own() != null) {
                own = own == null ? vector.own() : own.add(vector.own());
            }
            if (vector.vector() != null) {
                vectors.add(vector.vector());
            }
        }
        NDArray columns = rows.columns();
        NDArray one = columns.getManager().ones(new Shape(columns.getShape().get(0), 1));
        vectors.add(0, own == null ? one.zerosLike() : own);
        vectors.add(rows.side() == Side.LIST ? 1 : 0, one);
        return NDArrays.concat(vectors, 1);
    }

    /**
     * The logits of pairs.
     *
     * @param lists what {@link #side} gave for the lists; empty where there are no fields of theirs
     * @param items what it gave for the items; empty where there are no fields of theirs
     * @param pairs B pairs
     * @return shape (B, H)
     */
    public NDArray logits(NDList lists, NDList items, Pairs pairs) {
        NDArray logits = null;
        int i = 0;
        if (!dots.isEmpty()) {
            NDArray products = pairs.product(lists.get(0), items.get(0));
            // Faster than a sum along short rows.
            logits = products.matMul(ones(products));
            i++;
        }
        for (Joint term : joints) {
            NDArray more =
                    term.logits(lists.isEmpty() ? null : lists.get(i), items.isEmpty() ? null : items.get(i), pairs);
            logits = logits == null ? more : logits.add(more);
            i++;
        }
        return logits;
    }

    /** Which columns belong to which head, shape (K, H). */
    private NDArray ones(NDArray products) {
        long width = products.getShape().get(1) / dots.size();
        NDArray heads = products.getManager().eye(dots.size());
        return heads.repeat(0, width);
    }
}
