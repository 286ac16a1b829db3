package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.GroupLayout;
import java.util.Map;

/**
 * The weights of one field: its vectors, its linear term and, where its dimension is its own, its projection.
 *
 * <p>A field may look up its vectors in another field's table, such as a history of items in that of the items: then a
 * factorization machine's pair of the two says how alike the item is to those before it. The linear term and the projection are
 * the field's own all the same, as to have come before has another weight than to come now.
 */
final class FieldEmbedding {

    private final FieldSchema schema;
    private final int column;
    private final Parameter weight;
    private final Parameter bias;
    private final Parameter linearWeight;
    private final Parameter linearBias;
    private final Parameter projection;

    /**
     * @param parameters where the weights are declared
     * @param slot the field and its first column in its group's table
     * @param dim the common dimension of all fields' vectors; 0 for none
     * @param linearTerms the number of linear terms, one for each head; 0 for none
     * @param tables the vectors of the fields before it, by field; this one's come in addition
     */
    FieldEmbedding(
            Parameters parameters, GroupLayout.Slot slot, int dim, int linearTerms, Map<String, Parameter> tables) {
        this.schema = slot.field();
        this.column = slot.column();
        String vector = "embedding.second_order." + schema.name();
        String linear = "embedding.first_order." + schema.name();
        weight = schema.table() != null
                ? parameters.share(tables.get(schema.table()), schema.name())
                : schema.isEmbedded() ? weight(parameters, vector, schema.embeddingDim()) : null;
        tables.put(schema.name(), weight);
        bias = isDense() && schema.isEmbedded() ? bias(parameters, vector, schema.embeddingDim()) : null;
        linearWeight = linearTerms > 0 ? weight(parameters, linear, linearTerms) : null;
        linearBias = isDense() && linearTerms > 0 ? bias(parameters, linear, linearTerms) : null;
        projection = schema.isEmbedded() && dim > 0 && schema.embeddingDim() != dim
                ? parameters.trained(
                        "embedding.projection." + schema.name() + ".weight",
                        new Shape(dim, schema.embeddingDim()),
                        Initializer.XAVIER_UNIFORM)
                : null;
    }

    FieldSchema schema() {
        return schema;
    }

    boolean isDense() {
        return schema.type() == FeatureType.DENSE;
    }

    /** Where a field with ids looks up its vectors. */
    Lookup.Slot vectors() {
        return new Lookup.Slot(schema, column, weight);
    }

    /** Where a field with ids looks up its linear terms. */
    Lookup.Slot linearTerms() {
        return new Lookup.Slot(schema, column, linearWeight);
    }

    /** A dense field's terms of the linear part, shape (R, H), of its group's values, shape (R, K). */
    NDArray firstOrder(NDArray values) {
        return linear(own(values), linearWeight, linearBias);
    }

    /** A dense field's vector, shape (R, embedding dim), or (R, 1) for a value that is passed through. */
    NDArray vector(NDArray values) {
        return weight == null ? own(values) : linear(own(values), weight, bias);
    }

    /** What takes the field's vector to the common dimension, shape (D, embedding dim); null where it has that dimension. */
    Parameter projection() {
        return projection;
    }

    private NDArray own(NDArray values) {
        return values.get(new NDIndex(":, {}:{}", column, column + 1));
    }

    private static NDArray linear(NDArray input, Parameter weight, Parameter bias) {
        return Linear.linear(input, weight.array(), bias.array()).singletonOrThrow();
    }

    private Parameter weight(Parameters parameters, String name, int dim) {
        return isDense()
                ? parameters.numeric(name + ".weight", dim)
                : parameters.table(name + ".weight", schema.name(), schema.vocabularySize(), dim);
    }

    private static Parameter bias(Parameters parameters, String name, int dim) {
        return parameters.trained(name + ".bias", new Shape(dim), Initializer.ZEROS);
    }
}
