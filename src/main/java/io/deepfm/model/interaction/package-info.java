/** The networks in which fields, or the embeddings' elements, meet explicitly; shapes as in {@link io.deepfm.model.layer}. */
package io.deepfm.model.interaction;
