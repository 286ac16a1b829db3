package io.deepfm.data;

import io.deepfm.schema.Combiner;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;

/**
 * A feature before its encoder is fitted.
 *
 * @param name the field's name
 * @param type how its values are encoded
 * @param group the table it is computed from
 * @param expression Spark SQL over that table's columns; a value, or for a sequence an array of values
 * @param embeddingDim width of the learned vector
 * @param maxLength sequence: codes per row; else 1
 * @param combiner sequence: pooling; else null
 */
public record FeatureDefinition(
        String name,
        FeatureType type,
        FieldGroup group,
        String expression,
        int embeddingDim,
        int maxLength,
        Combiner combiner) {

    /**
     * A categorical feature.
     *
     * @param name the field's name
     * @param group the table it is computed from
     * @param expression Spark SQL that gives a value
     * @param embeddingDim width of the learned vector
     * @return the feature
     */
    public static FeatureDefinition sparse(String name, FieldGroup group, String expression, int embeddingDim) {
        return new FeatureDefinition(name, FeatureType.SPARSE, group, expression, embeddingDim, 1, null);
    }

    /**
     * A numeric feature.
     *
     * @param name the field's name
     * @param group the table it is computed from
     * @param expression Spark SQL that gives a number
     * @param embeddingDim width of its projection, 0 to pass the number through
     * @return the feature
     */
    public static FeatureDefinition dense(String name, FieldGroup group, String expression, int embeddingDim) {
        return new FeatureDefinition(name, FeatureType.DENSE, group, expression, embeddingDim, 1, null);
    }

    /**
     * A feature of several categorical values.
     *
     * @param name the field's name
     * @param group the table it is computed from
     * @param expression Spark SQL that gives an array
     * @param embeddingDim width of the learned vector
     * @param maxLength codes per row
     * @param combiner pooling
     * @return the feature
     */
    public static FeatureDefinition sequence(
            String name, FieldGroup group, String expression, int embeddingDim, int maxLength, Combiner combiner) {
        return new FeatureDefinition(name, FeatureType.SEQUENCE, group, expression, embeddingDim, maxLength, combiner);
    }
}
