/** Gathers what the report shows: by aggregation and from a sample of bounded size, so that the driver's memory does not grow. */
package io.deepfm.job.facts;
