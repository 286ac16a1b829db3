package io.deepfm.scoring;

import io.deepfm.inference.FeatureTable;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.GroupLayout;
import io.deepfm.storage.DataException;
import java.io.Serializable;

/**
 * What a model learned about each item alone: the vector of the item's own id, of length 1. An item whose id is 0, as train
 * never saw it, has none.
 *
 * @param dim the vectors' dimension
 * @param values the vectors of all items by index, one after the other; zeros where there is none
 */
public record ItemVectors(int dim, float[] values) implements Serializable {

    /**
     * Reads the vectors.
     *
     * @param model the model
     * @param items all items' encoded features
     * @param field the sparse field that is the item's key
     * @return a vector for each item
     * @throws DataException if the model's weights do not fit its fields
     */
    public static ItemVectors of(SavedModel model, FeatureTable items, String field) {
        GroupLayout layout = GroupLayout.of(model.schema().fields(FieldGroup.ITEM));
        GroupLayout.Slot slot = layout.slots().stream()
                .filter(one -> one.field().name().equals(field))
                .findFirst()
                .orElseThrow();
        int dim = slot.field().embeddingDim();
        float[] table = model.vectors(field).values();
        float[] values = new float[Math.multiplyExact(items.rows(), dim)];
        for (int item = 0; item < items.rows(); item++) {
            int id = items.ids()[item * layout.idWidth() + slot.column()];
            if (id > 0) {
                normalize(table, id * dim, values, item * dim, dim);
            }
        }
        return new ItemVectors(dim, values);
    }

    private static void normalize(float[] from, int start, float[] to, int at, int dim) {
        double squares = 0;
        for (int i = 0; i < dim; i++) {
            squares += (double) from[start + i] * from[start + i];
        }
        double length = Math.sqrt(squares);
        for (int i = 0; i < dim && length > 0; i++) {
            to[at + i] = (float) (from[start + i] / length);
        }
    }

    /**
     * Whether an item has a vector.
     *
     * @param item its index
     * @return false where the model learned nothing about it
     */
    public boolean has(int item) {
        for (int i = item * dim; i < (item + 1) * dim; i++) {
            if (values[i] != 0) {
                return true;
            }
        }
        return false;
    }

    /** The cosine of two items' vectors. */
    float cosine(int item, int other) {
        float sum = 0;
        for (int i = 0; i < dim; i++) {
            sum += values[item * dim + i] * values[other * dim + i];
        }
        return sum;
    }
}
