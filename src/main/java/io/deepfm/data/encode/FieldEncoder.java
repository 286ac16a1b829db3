package io.deepfm.data.encode;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Encodes the values of one feature, as fitted on the training split. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = FieldEncoder.Vocabulary.class, name = "vocabulary"),
    @JsonSubTypes.Type(value = FieldEncoder.HashBuckets.class, name = "hash_buckets"),
    @JsonSubTypes.Type(value = FieldEncoder.MinMax.class, name = "min_max"),
    @JsonSubTypes.Type(value = FieldEncoder.Standard.class, name = "standard"),
    @JsonSubTypes.Type(value = FieldEncoder.Log1p.class, name = "log1p"),
    @JsonSubTypes.Type(value = FieldEncoder.Unscaled.class, name = "none")
})
public sealed interface FieldEncoder {

    /**
     * The known values of a categorical feature; the id of {@code values[i]} is {@code i + 1}, of any other value 0 (OOV).
     *
     * @param values the values in the order of their ids
     */
    record Vocabulary(List<String> values) implements FieldEncoder {
        /** Copies the values. */
        public Vocabulary {
            values = List.copyOf(values);
        }

        /**
         * The ids of the values.
         *
         * @return value to id
         */
        Map<String, Integer> ids() {
            Map<String, Integer> ids = new HashMap<>(values.size() * 2);
            for (int i = 0; i < values.size(); i++) {
                ids.put(values.get(i), i + 1);
            }
            return ids;
        }
    }

    /**
     * Ids of a categorical feature from a hash of the value, without a vocabulary: 1..{@code buckets}, 0 for a missing value.
     *
     * @param buckets the number of ids except 0
     */
    record HashBuckets(int buckets) implements FieldEncoder {}

    /**
     * The number of ids of a categorical feature, id 0 included.
     *
     * @return 0 for a numeric feature
     */
    default int vocabularySize() {
        if (this instanceof Vocabulary vocabulary) {
            return vocabulary.values().size() + 1;
        }
        return this instanceof HashBuckets hashed ? hashed.buckets() + 1 : 0;
    }

    /**
     * Maps this encoder's ids to those of another encoder of the same field.
     *
     * @param other an encoder of the same field, such as an earlier one
     * @return for each id of this encoder the other's id of the same value, 0 if it has none; empty for a numeric feature
     */
    default int[] idsIn(FieldEncoder other) {
        int[] ids = new int[vocabularySize()];
        if (this instanceof Vocabulary here && other instanceof Vocabulary there) {
            Map<String, Integer> known = there.ids();
            for (int id = 1; id < ids.length; id++) {
                ids[id] = known.getOrDefault(here.values().get(id - 1), 0);
            }
        } else if (this instanceof HashBuckets && equals(other)) {
            Arrays.setAll(ids, id -> id);
        }
        return ids;
    }

    /**
     * The range of a numeric feature, which becomes 0..1; a missing value becomes 0.
     *
     * @param min the smallest training value
     * @param max the largest training value
     */
    record MinMax(double min, double max) implements FieldEncoder {}

    /**
     * The distribution of a numeric feature, which becomes mean 0 and deviation 1; a missing value becomes 0.
     *
     * @param mean the mean of the training values
     * @param deviation their standard deviation; 1 where all are equal
     */
    record Standard(double mean, double deviation) implements FieldEncoder {}

    /**
     * A numeric feature becomes sign(x) log(1 + |x|), and that mean 0 and deviation 1; a missing value becomes 0.
     *
     * @param mean the mean of the logarithms of the training values
     * @param deviation their standard deviation
     */
    record Log1p(double mean, double deviation) implements FieldEncoder {}

    /** A numeric feature stays as it is; a missing value becomes 0. */
    record Unscaled() implements FieldEncoder {}

    /**
     * Writes encoders by field name.
     *
     * @param encoders the encoders
     * @return a JSON object
     */
    static String toJson(Map<String, FieldEncoder> encoders) {
        try {
            return json().writerFor(new TypeReference<Map<String, FieldEncoder>>() {})
                    .writeValueAsString(encoders);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @param json a JSON object
     * @return the encoders by field name
     * @throws IllegalArgumentException if the text holds no encoders
     */
    static Map<String, FieldEncoder> fromJson(String json) {
        try {
            return json().readValue(json, new TypeReference<Map<String, FieldEncoder>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Invalid encoders: " + e.getOriginalMessage(), e);
        }
    }

    private static ObjectMapper json() {
        return new ObjectMapper();
    }
}
