/** What is done with a stored model: probabilities for new rows, and recommendations. */
package io.deepfm.job.predict;
