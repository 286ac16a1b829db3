/**
 * Scoring as Spark jobs: rankings of candidate lists and their metrics, predictions, recommendations, baselines.
 */
package io.deepfm.scoring;
