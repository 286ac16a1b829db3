/**
 * Scoring as Spark jobs: rankings of candidate lists and their metrics, predictions, recommendations.
 */
package io.deepfm.scoring;
