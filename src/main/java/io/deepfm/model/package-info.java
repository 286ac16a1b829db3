/**
 * The models, on DJL. A model takes the three views that {@link io.deepfm.model.layer.FeatureEmbedding} makes of a batch
 * and gives one logit per row; each model is one short file that reads like its paper's equation.
 */
package io.deepfm.model;
