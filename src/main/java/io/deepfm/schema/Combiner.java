package io.deepfm.schema;

/** How the embeddings of a sequence become one; padding takes no part, and an empty sequence gives zeros. */
public enum Combiner {
    MEAN,
    SUM,
    MAX
}
