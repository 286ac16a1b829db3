/** How far the work of a job is. */
package io.deepfm.job.progress;
