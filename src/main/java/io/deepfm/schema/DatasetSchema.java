package io.deepfm.schema;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The features of a dataset.
 *
 * <p>Fields are kept in one order everywhere: user fields, then item fields, then context fields, each group in the
 * order given. So a group's part of a row can be computed once per user or item and put beside the others.
 *
 * @param fields the input features
 * @param labelField the name of the label
 */
public record DatasetSchema(List<FieldSchema> fields, String labelField) implements Serializable {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Orders the fields by group and checks that names are unique and shared tables fit. */
    public DatasetSchema {
        fields =
                fields.stream().sorted(Comparator.comparing(FieldSchema::group)).toList();
        if (fields.isEmpty()) {
            throw new IllegalArgumentException("A dataset needs at least one field.");
        }
        Map<String, FieldSchema> known = new HashMap<>();
        for (FieldSchema field : fields) {
            requireTable(field, known.get(field.table()));
            if (known.put(field.name(), field) != null) {
                throw new IllegalArgumentException("Two fields are named " + field.name() + ".");
            }
        }
    }

    private static void requireTable(FieldSchema field, FieldSchema owner) {
        boolean fits = field.table() == null
                || owner != null
                        && owner.table() == null
                        && owner.vocabularySize() == field.vocabularySize()
                        && owner.embeddingDim() == field.embeddingDim();
        if (!fits) {
            throw new IllegalArgumentException("Field " + field.name() + " shares the table of " + field.table()
                    + ", which is no field before it with a table of " + field.vocabularySize() + " ids and dimension "
                    + field.embeddingDim() + ".");
        }
    }

    /**
     * The fields of one group.
     *
     * @param group the group
     * @return its fields in order
     */
    public List<FieldSchema> fields(FieldGroup group) {
        return fields.stream().filter(field -> field.group() == group).toList();
    }

    /**
     * The fields of one type.
     *
     * @param type the type
     * @return its fields in order
     */
    public List<FieldSchema> fields(FeatureType type) {
        return fields.stream().filter(field -> field.type() == type).toList();
    }

    /**
     * The fields that have a vector, which FM, CIN and attention interact.
     *
     * @return the embedded fields in order
     */
    @JsonIgnore
    public List<FieldSchema> embeddedFields() {
        return fields.stream().filter(FieldSchema::isEmbedded).toList();
    }

    /**
     * The width of all fields side by side, the deep network's input.
     *
     * @return the sum of the fields' widths
     */
    @JsonIgnore
    public int totalEmbeddingDim() {
        return fields.stream().mapToInt(FieldSchema::flatDim).sum();
    }

    /**
     * Writes the schema.
     *
     * @return a JSON object
     */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @param json a JSON object
     * @return the schema
     * @throws IllegalArgumentException if the text is no schema
     */
    public static DatasetSchema fromJson(String json) {
        try {
            DatasetSchema schema = JSON.readValue(json, DatasetSchema.class);
            if (schema == null) {
                throw new IllegalArgumentException("Not a schema: null");
            }
            return schema;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a schema: " + e.getOriginalMessage(), e);
        }
    }
}
