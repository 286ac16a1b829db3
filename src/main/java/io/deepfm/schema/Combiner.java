package io.deepfm.schema;

/** How the embeddings of a sequence become one; padding takes no part, and an empty sequence gives zeros. */
public enum Combiner {
    MEAN,
    SUM,
    /** The sum divided by the square root of the number of ids: of many ids longer than of few, but not as many times. */
    SQRTN,
    MAX
}
