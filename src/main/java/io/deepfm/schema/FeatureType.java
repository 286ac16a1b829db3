package io.deepfm.schema;

/** How a feature's values are encoded and embedded. */
public enum FeatureType {
    /** One categorical value: an integer id. */
    SPARSE,
    /** One number. */
    DENSE,
    /** A bag of categorical values: integer ids, padded with 0. */
    SEQUENCE
}
