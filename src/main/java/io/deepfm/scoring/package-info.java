/**
 * Scoring as Spark jobs: a Transformer over candidate lists, the rankings it yields and their metrics; probabilities of new
 * rows; recommendations.
 */
package io.deepfm.scoring;
