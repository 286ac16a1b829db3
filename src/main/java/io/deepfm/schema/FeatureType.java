package io.deepfm.schema;

/** How a feature's values are encoded and embedded. */
public enum FeatureType {
    /** One categorical value: an integer code. */
    SPARSE,
    /** One number. */
    DENSE,
    /** A bag of categorical values: integer codes, padded with 0. */
    SEQUENCE
}
