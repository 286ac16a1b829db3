package io.deepfm.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the fields of one group stand in a row of its table: the ids of its sparse and sequence fields side by side, and
 * apart from them the values of its dense fields, each in the schema's order.
 *
 * @param slots one per field, in the schema's order
 * @param idWidth the number of ids in a row
 * @param valueWidth the number of values in a row
 */
public record GroupLayout(List<Slot> slots, int idWidth, int valueWidth) {

    /**
     * The place of one field.
     *
     * @param field the field
     * @param column its first column, among the values if it is dense and else among the ids
     */
    public record Slot(FieldSchema field, int column) {}

    /**
     * Lays fields out.
     *
     * @param fields the fields of one group, in the schema's order
     * @return the place of each
     */
    public static GroupLayout of(List<FieldSchema> fields) {
        List<Slot> slots = new ArrayList<>();
        int ids = 0;
        int values = 0;
        for (FieldSchema field : fields) {
            if (field.type() == FeatureType.DENSE) {
                slots.add(new Slot(field, values++));
            } else {
                slots.add(new Slot(field, ids));
                ids += field.maxLength();
            }
        }
        return new GroupLayout(List.copyOf(slots), ids, values);
    }
}
