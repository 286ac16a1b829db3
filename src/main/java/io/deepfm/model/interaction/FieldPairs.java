package io.deepfm.model.interaction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.deepfm.model.embedding.ItemColumns;
import io.deepfm.model.embedding.SideRows;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.model.pair.Pairs;
import java.util.function.UnaryOperator;

/**
 * A network over the fields of both sides together.
 *
 * @param items the item's fields
 * @param network makes (B, outputs) of all fields, shape (B, F, D)
 * @param constants what it has prepared
 */
record FieldPairs(ItemColumns items, UnaryOperator<NDArray> network, NDList constants) implements PairTerm.Joint {

    @Override
    public NDArray side(SideRows rows) {
        NDArray fields = rows.views().fields();
        return fields.reshape(fields.getShape().get(0), -1);
    }

    @Override
    public NDArray logits(NDArray listFields, NDArray itemFields, Pairs pairs) {
        long dim = itemFields.getShape().get(1) / (items.end() - items.start());
        NDArray joined = items.times(dim).join(pairs.ofLists(listFields), pairs.ofItems(itemFields));
        return network.apply(joined.reshape(joined.getShape().get(0), -1, dim));
    }
}
