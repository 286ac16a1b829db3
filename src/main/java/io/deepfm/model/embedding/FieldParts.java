package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.deepfm.model.layer.LayerInput;
import io.deepfm.schema.FieldGroup;
import java.util.Map;

/**
 * What each field brings to B rows, before anything is summed over fields. Fields stand in the schema's order.
 *
 * @param firstOrder the linear terms of the F fields for each head, shape (B, F, H); null where a model has none
 * @param vectors the vectors of the embedded fields in the common dimension, shape (B, E, D); null where a model has none
 * @param flat the fields' own vectors side by side, before projection, shape (B, total embedding dim)
 */
public record FieldParts(NDArray firstOrder, NDArray vectors, NDArray flat) {

    /** Those of some groups, in their order, of which row i is batch row i. */
    static FieldParts of(
            Map<FieldGroup, GroupEmbedding> groups, Map<FieldGroup, FeatureBatch.Group> rows, boolean firstOrder) {
        NDList linear = new NDList();
        NDList vectors = new NDList();
        NDList flat = new NDList();
        groups.forEach((name, group) -> {
            GroupEmbedding.Input input = group.input(rows.get(name), TableRows.ALL);
            GroupEmbedding.Embedded embedded = group.embed(input, TableRows.ALL);
            if (firstOrder) {
                linear.add(group.linearTerms(rows.get(name)));
            }
            if (embedded.vectors() != null) {
                vectors.add(embedded.vectors());
            }
            flat.add(embedded.flat());
        });
        return new FieldParts(sideBySide(linear), sideBySide(vectors), sideBySide(flat));
    }

    private static NDArray sideBySide(NDList parts) {
        return parts.isEmpty() ? null : LayerInput.sideBySide(parts);
    }
}
