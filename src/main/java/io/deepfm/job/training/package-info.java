/** What a training begins with and is fed with: weights, and epochs that Spark samples beside it. */
package io.deepfm.job.training;
