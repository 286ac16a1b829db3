package io.deepfm.schema;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;

/**
 * One input feature.
 *
 * @param name unique identifier, such as {@code user_id}
 * @param type how values are encoded
 * @param group what the field describes
 * @param vocabularySize sparse and sequence: number of ids, known values 1..n and 0 for OOV and padding; dense: 0
 * @param embeddingDim width of the learned vector; 0 passes a dense value to the deep network as it is
 * @param maxLength sequence: number of ids after padding or truncation; else 1
 * @param combiner sequence: how the vectors of the ids become one; else null
 * @param table the field whose embedding table this one looks up in, which has the same ids and the same dimension; null for
 *     a table of its own
 */
public record FieldSchema(
        String name,
        FeatureType type,
        FieldGroup group,
        int vocabularySize,
        int embeddingDim,
        int maxLength,
        Combiner combiner,
        @JsonInclude(JsonInclude.Include.NON_NULL) String table)
        implements Serializable {

    /** Checks that the parts fit each other. */
    @JsonCreator
    public FieldSchema {
        require(
                name != null && name.matches("[A-Za-z_][A-Za-z0-9_]*"),
                name,
                "a name starts with a letter or _ and contains only letters, digits and _");
        require(type != null && group != null, name, "type and group are required");
        require(
                type == FeatureType.DENSE ? vocabularySize == 0 : vocabularySize >= 1,
                name,
                "vocabulary size " + vocabularySize);
        require(embeddingDim >= (type == FeatureType.DENSE ? 0 : 1), name, "embedding dimension " + embeddingDim);
        require(type == FeatureType.SEQUENCE ? maxLength >= 1 : maxLength == 1, name, "max length " + maxLength);
        require((type == FeatureType.SEQUENCE) == (combiner != null), name, "combiner " + combiner);
        require(table == null || type != FeatureType.DENSE, name, "a dense field has no table to share");
    }

    /**
     * A field with an embedding table of its own.
     *
     * @param name unique identifier
     * @param type how values are encoded
     * @param group what it describes
     * @param vocabularySize number of ids, 0 included; 0 for a dense field
     * @param embeddingDim width of the vector
     * @param maxLength ids per row
     * @param combiner pooling of a sequence; else null
     */
    public FieldSchema(
            String name,
            FeatureType type,
            FieldGroup group,
            int vocabularySize,
            int embeddingDim,
            int maxLength,
            Combiner combiner) {
        this(name, type, group, vocabularySize, embeddingDim, maxLength, combiner, null);
    }

    /**
     * A categorical field.
     *
     * @param name unique identifier
     * @param group what it describes
     * @param vocabularySize number of ids, 0 included
     * @param embeddingDim width of the vector
     * @return the field
     */
    public static FieldSchema sparse(String name, FieldGroup group, int vocabularySize, int embeddingDim) {
        return new FieldSchema(name, FeatureType.SPARSE, group, vocabularySize, embeddingDim, 1, null);
    }

    /**
     * A numeric field.
     *
     * @param name unique identifier
     * @param group what it describes
     * @param embeddingDim width of its projection, 0 for none
     * @return the field
     */
    public static FieldSchema dense(String name, FieldGroup group, int embeddingDim) {
        return new FieldSchema(name, FeatureType.DENSE, group, 0, embeddingDim, 1, null);
    }

    /**
     * A field of several categorical values.
     *
     * @param name unique identifier
     * @param group what it describes
     * @param vocabularySize number of ids, 0 included
     * @param embeddingDim width of the vector
     * @param maxLength ids per row
     * @param combiner pooling
     * @return the field
     */
    public static FieldSchema sequence(
            String name, FieldGroup group, int vocabularySize, int embeddingDim, int maxLength, Combiner combiner) {
        return new FieldSchema(name, FeatureType.SEQUENCE, group, vocabularySize, embeddingDim, maxLength, combiner);
    }

    /**
     * The same field with the embedding table of another.
     *
     * @param other the other field's name
     * @return a field without a table of its own
     */
    public FieldSchema sharing(String other) {
        return new FieldSchema(name, type, group, vocabularySize, embeddingDim, maxLength, combiner, other);
    }

    /**
     * Whether the field has a vector and so takes part in interactions.
     *
     * @return false only for a dense field that is passed through
     */
    @JsonIgnore
    public boolean isEmbedded() {
        return embeddingDim > 0;
    }

    /**
     * The field's width in the deep network's input.
     *
     * @return the embedding's dimension, or 1 for a dense field that is passed through
     */
    public int flatDim() {
        return Math.max(1, embeddingDim);
    }

    private static void require(boolean holds, String name, String what) {
        if (!holds) {
            throw new IllegalArgumentException("Field " + name + ": " + what + ".");
        }
    }
}
