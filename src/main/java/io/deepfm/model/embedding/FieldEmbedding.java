package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldSchema;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The weights of one field: its vectors, its linear term and, where its dimension is its own, its projection.
 *
 * <p>A field may look up its vectors in another field's table, such as a history of items in that of the items: then a
 * factorization machine's pair of the two says how alike the item is to those before it. The linear term and the projection are
 * the field's own all the same, as to have come before has another weight than to come now.
 */
final class FieldEmbedding {

    /** Larger than any weight; taken off padding so that it never is the maximum. */
    private static final float FAR = 1e30f;

    /** The most rows of a small table. */
    private static final int SMALL = 64;

    /**
     * A field's part of a table.
     *
     * @param ids sparse (R), sequence (R, L); else null
     * @param mask 1 where the id is not 0, else 0: sparse (R, 1), sequence (R, L, 1); else null
     * @param values dense (R, 1); else null
     * @param incidence of a small table (R, rows of the table), which times the table is what is looked up; else null
     */
    record Input(NDArray ids, NDArray mask, NDArray values, NDArray incidence) {

        /** Gives all arrays to a manager, and no scope closes them. */
        void keep(NDManager manager) {
            Stream.of(ids, mask, values, incidence).filter(Objects::nonNull).forEach(array -> {
                NDScope.unregister(array);
                array.attach(manager);
            });
        }
    }

    private final FieldSchema schema;
    private final int column;
    private final Parameter weight;
    private final Parameter bias;
    private final Parameter linearWeight;
    private final Parameter linearBias;
    private final Parameter projection;

    /**
     * @param parameters where the weights are declared
     * @param schema the field
     * @param column its first column in its group's table
     * @param dim the common dimension of all fields' vectors; 0 for none
     * @param linearTerms the number of linear terms, one for each head; 0 for none
     * @param tables the vectors of the fields before it, by field; this one's come in addition
     */
    FieldEmbedding(
            Parameters parameters,
            FieldSchema schema,
            int column,
            int dim,
            int linearTerms,
            Map<String, Parameter> tables) {
        this.schema = schema;
        this.column = column;
        boolean dense = schema.type() == FeatureType.DENSE;
        String vector = "embedding.second_order." + schema.name();
        String linear = "embedding.first_order." + schema.name();
        weight = schema.table() != null
                ? parameters.share(tables.get(schema.table()), schema.name())
                : schema.isEmbedded() ? weight(parameters, vector, schema.embeddingDim()) : null;
        tables.put(schema.name(), weight);
        bias = dense && schema.isEmbedded() ? bias(parameters, vector, schema.embeddingDim()) : null;
        linearWeight = linearTerms > 0 ? weight(parameters, linear, linearTerms) : null;
        linearBias = dense && linearTerms > 0 ? bias(parameters, linear, linearTerms) : null;
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

    /** The field's columns of its group's table. */
    Input input(FeatureBatch.Group table) {
        return switch (schema.type()) {
            case DENSE -> new Input(null, null, table.values().get(new NDIndex(":, {}:{}", column, column + 1)), null);
            case SPARSE -> lookedUp(table.ids().get(new NDIndex(":, {}", column)));
            case SEQUENCE -> lookedUp(table.ids().get(new NDIndex(":, {}:{}", column, column + schema.maxLength())));
        };
    }

    private static Input lookedUp(NDArray ids) {
        return new Input(ids, known(ids), null, null);
    }

    /** The same for a table that is embedded in many passes, with what can be known beforehand. */
    Input prepared(FeatureBatch.Group table) {
        Input input = input(table);
        return schema.type() == FeatureType.DENSE || !isSmall(schema.vocabularySize())
                ? input
                : new Input(input.ids(), input.mask(), null, incidence(input, schema.vocabularySize()));
    }

    /** The field's terms of the linear part, shape (R, H). */
    NDArray firstOrder(Input input, TableRows rows) {
        return schema.type() == FeatureType.DENSE
                ? linear(input.values(), linearWeight, linearBias)
                : lookUp(input, rows.of(linearWeight, schema.name()));
    }

    /** The field's own vector, shape (R, embedding dim), or (R, 1) for a dense value that is passed through. */
    NDArray vector(Input input, TableRows rows) {
        if (schema.type() == FeatureType.DENSE) {
            return weight == null ? input.values() : linear(input.values(), weight, bias);
        }
        return lookUp(input, rows.of(weight, schema.name()));
    }

    /** The vector in the common dimension, shape (R, D). */
    NDArray project(NDArray vector) {
        return projection == null ? vector : linear(vector, projection, null);
    }

    /** Of a small table by a product: the engine adds up gradients of a lookup row by row, which is slower. */
    private NDArray lookUp(Input input, NDArray table) {
        long size = table.getShape().get(0);
        if (isSmall(size) && table.hasGradient()) {
            return (input.incidence() == null ? incidence(input, size) : input.incidence()).matMul(table);
        }
        NDArray found = FeatureEmbedding.gather(table, input.ids()).mul(input.mask());
        return schema.type() == FeatureType.SEQUENCE ? pool(found, input.mask(), schema.combiner()) : found;
    }

    private boolean isSmall(long size) {
        return size <= SMALL && (schema.type() == FeatureType.SPARSE || schema.combiner() != Combiner.MAX);
    }

    /** For each row how much of each row of a table of so many is looked up: 1 of the id's, or what pooling takes of each. */
    private NDArray incidence(Input input, long size) {
        NDArray ids = input.ids();
        NDArray numbers = ids.getManager().arange((int) size).toType(ids.getDataType(), false);
        NDArray ones =
                ids.expandDims(-1).eq(numbers).toType(DataType.FLOAT32, false).mul(input.mask());
        return schema.type() == FeatureType.SEQUENCE ? pool(ones, input.mask(), schema.combiner()) : ones;
    }

    /** Pools (R, L, dim), in which padding is zero already, to (R, dim). */
    private static NDArray pool(NDArray found, NDArray mask, Combiner combiner) {
        int[] positions = {1};
        return switch (combiner) {
            case SUM -> found.sum(positions);
            case SQRTN ->
                found.sum(positions).div(mask.sum(positions).maximum(1f).sqrt());
            case MEAN -> found.sum(positions).div(mask.sum(positions).maximum(1f));
            case MAX -> {
                NDArray any = mask.max(positions);
                yield found.add(mask.sub(1f).mul(FAR)).max(positions).mul(any);
            }
        };
    }

    private static NDArray known(NDArray ids) {
        return ids.neq(0).toType(DataType.FLOAT32, false).expandDims(-1);
    }

    private static NDArray linear(NDArray input, Parameter weight, Parameter bias) {
        return Linear.linear(input, weight.array(), bias == null ? null : bias.array())
                .singletonOrThrow();
    }

    private Parameter weight(Parameters parameters, String name, int dim) {
        return schema.type() == FeatureType.DENSE
                ? parameters.numeric(name + ".weight", dim)
                : parameters.table(name + ".weight", schema.name(), schema.vocabularySize(), dim);
    }

    private static Parameter bias(Parameters parameters, String name, int dim) {
        return parameters.trained(name + ".bias", new Shape(dim), Initializer.ZEROS);
    }
}
