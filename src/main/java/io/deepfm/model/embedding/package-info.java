/** Fields of any type as vectors, and the views of them that models are made of. */
package io.deepfm.model.embedding;
