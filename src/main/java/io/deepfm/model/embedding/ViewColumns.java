package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.deepfm.model.embedding.FeatureViews.View;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Which columns of an embedded group are which: the linear terms, half the squares of the vectors, the sum of the vectors, the vectors,
 * the flat vectors; of these what the model asks for.
 *
 * @param fields all fields
 * @param dim the vectors' common dimension D
 * @param linearTerms how many linear terms there are, H or 0
 * @param heads the number of logits H
 * @param views what the model asks for besides
 */
record ViewColumns(List<FieldSchema> fields, int dim, int linearTerms, int heads, Set<View> views) {

    /** What stands in the columns of some groups; an empty list where the model does not ask for a view, or it is not among them. */
    record Cut(NDList linear, NDList halfSquares, NDList sums, NDList vectors, NDList flat) {}

    /** Cuts the parts of some groups. */
    Cut cut(List<FieldGroup> of, NDList embedded) {
        NDList linear = new NDList();
        NDList halfSquares = new NDList();
        NDList sums = new NDList();
        NDList vectors = new NDList();
        NDList flat = new NDList();
        int i = 0;
        for (FieldGroup name : of) {
            NDArray part = embedded.get(i++);
            long rows = part.getShape().get(0);
            int count = width(name, ViewColumns::vectors);
            boolean pairs = views.contains(View.SECOND_ORDER) && count > 0;
            boolean fieldwise = views.contains(View.FIELDS) && count > 0;
            ColumnCut columns = new ColumnCut(part);
            if (linearTerms > 0) {
                columns.next(linearTerms, linear);
            }
            if (pairs) {
                columns.next(heads, halfSquares);
                columns.next(dim, sums);
            }
            if (fieldwise) {
                columns.next((long) count * dim, vectors);
            }
            long left = part.getShape().get(1) - columns.start();
            if (left > 0) {
                columns.next(left, flat);
            }
            columns.split();
            if (fieldwise) {
                int last = vectors.size() - 1;
                vectors.set(last, vectors.get(last).reshape(rows, count, dim));
            }
        }
        return new Cut(linear, halfSquares, sums, vectors, flat);
    }

    /** The width of a group's part. */
    int width(FieldGroup group) {
        int count = width(group, ViewColumns::vectors);
        return linearTerms
                + (views.contains(View.SECOND_ORDER) && count > 0 ? heads + dim : 0)
                + (views.contains(View.FIELDS) ? count * dim : 0)
                + (views.contains(View.FLAT) ? width(group, FieldSchema::flatDim) : 0);
    }

    /** 1 for a field with a vector. */
    static int vectors(FieldSchema field) {
        return field.isEmbedded() ? 1 : 0;
    }

    /** The item's columns where each field has some. */
    ItemColumns items(ToIntFunction<FieldSchema> width) {
        int start = width(FieldGroup.USER, width);
        return new ItemColumns(start, start + width(FieldGroup.ITEM, width));
    }

    private int width(FieldGroup group, ToIntFunction<FieldSchema> width) {
        return fields.stream()
                .filter(field -> field.group() == group)
                .mapToInt(width)
                .sum();
    }
}
