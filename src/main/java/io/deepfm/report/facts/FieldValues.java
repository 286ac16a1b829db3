package io.deepfm.report.facts;

import java.util.List;

/**
 * A field's values in the held-out rows.
 *
 * @param field its name
 * @param byRow for each row its values: several of a sequence, {@link #UNKNOWN} where one has no id
 */
public record FieldValues(String field, List<List<String>> byRow) {

    /** What stands for values that train never saw and for missing ones. */
    public static final String UNKNOWN = "(unknown or missing)";
}
