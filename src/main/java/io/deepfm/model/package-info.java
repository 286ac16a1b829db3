/**
 * The architectures: each is one short file that reads like its paper's equation over the three views that {@link
 * io.deepfm.model.embedding.FeatureEmbedding} makes of a batch, and gives one logit per row.
 */
package io.deepfm.model;
