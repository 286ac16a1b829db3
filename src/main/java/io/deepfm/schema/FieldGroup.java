package io.deepfm.schema;

/** What a field describes. User and item fields live in one table row per user or item. */
public enum FieldGroup {
    USER,
    ITEM,
    CONTEXT
}
