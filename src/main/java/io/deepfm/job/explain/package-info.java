/** What matters to a trained model. */
package io.deepfm.job.explain;
