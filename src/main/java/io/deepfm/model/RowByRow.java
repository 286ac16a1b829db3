package io.deepfm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.deepfm.model.embedding.FeatureEmbedding;
import io.deepfm.model.embedding.Side;
import io.deepfm.model.embedding.SideRows;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.model.pair.Pairs;
import io.deepfm.schema.FieldGroup;

/** A whole model as one term: each pair's embedded features side by side, and a forward pass. */
record RowByRow(CtrModel model) implements PairTerm.Joint {

    @Override
    public NDList constants() {
        return new NDList();
    }

    @Override
    public NDArray side(SideRows rows) {
        return rows.columns();
    }

    @Override
    public NDArray logits(NDArray lists, NDArray items, Pairs pairs) {
        FeatureEmbedding embedding = model.embedding();
        NDList parts = new NDList();
        if (lists != null) {
            NDArray ofLists = pairs.ofLists(lists);
            parts.addAll(
                    embedding.groups(Side.LIST).size() == 2
                            ? ofLists.split(new long[] {embedding.width(FieldGroup.USER)}, 1)
                            : new NDList(ofLists));
        }
        if (items != null) {
            // The groups are in the order user, item, context.
            parts.add(embedding.groups().indexOf(FieldGroup.ITEM), pairs.ofItems(items));
        }
        return model.forward(embedding.views(parts), Pass.inference());
    }
}
