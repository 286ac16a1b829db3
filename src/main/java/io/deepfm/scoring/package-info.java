/** Scoring as Spark jobs: a Transformer over candidate lists, the rankings it yields and their metrics. */
package io.deepfm.scoring;
