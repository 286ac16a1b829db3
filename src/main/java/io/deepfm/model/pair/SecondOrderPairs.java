package io.deepfm.model.pair;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import io.deepfm.model.embedding.Side;
import io.deepfm.model.embedding.SideRows;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The factorization machine over pairs, of one head: the pairs of fields within each side, and the dot product of both sides'
 * sums. It is nothing of a model without the second-order view.
 */
public final class SecondOrderPairs implements PairTerm.Dot {

    private final int head;
    private final NDArray weight;

    private SecondOrderPairs(int head, NDArray weight) {
        this.head = head;
        this.weight = weight;
    }

    /**
     * The terms of all heads.
     *
     * @param heads their number H
     * @param weight what each dimension weighs for each head, shape (H, D); null where all weigh 1
     * @return a term for each head
     */
    public static List<SecondOrderPairs> ofHeads(int heads, NDArray weight) {
        return IntStream.range(0, heads)
                .mapToObj(head -> new SecondOrderPairs(
                        head,
                        weight == null
                                ? null
                                : weight.get(new NDIndex("{}:{}", head, head + 1))
                                        .duplicate()))
                .toList();
    }

    @Override
    public int head() {
        return head;
    }

    @Override
    public NDList constants() {
        return weight == null ? new NDList() : new NDList(weight);
    }

    @Override
    public Vectors side(SideRows rows) {
        NDArray within = rows.views().secondOrder();
        NDArray own = within == null ? null : within.get(new NDIndex(":, {}:{}", head, head + 1));
        boolean weighs = weight != null && rows.sum() != null && rows.side() == Side.ITEM;
        return new Vectors(own, weighs ? rows.sum().mul(weight) : rows.sum());
    }
}
