/** What a run says of itself: results.json, metrics.csv and the tables on the console. */
package io.deepfm.report;
