package io.deepfm.model.embedding;

import io.deepfm.schema.FieldGroup;
import java.util.Arrays;

/** The two sides of what is scored: a candidate list, which is a user in a context, and an item. */
public enum Side {
    LIST(FieldGroup.USER, FieldGroup.CONTEXT),
    ITEM(FieldGroup.ITEM);

    private final FieldGroup[] groups;

    Side(FieldGroup... groups) {
        this.groups = groups;
    }

    /**
     * Whether a group's features describe this side.
     *
     * @param group the group
     * @return true on one side
     */
    public boolean has(FieldGroup group) {
        return Arrays.asList(groups).contains(group);
    }
}
