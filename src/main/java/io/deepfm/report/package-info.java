/** What a run says of itself: results.json, metrics.csv and tables of metrics. */
package io.deepfm.report;
