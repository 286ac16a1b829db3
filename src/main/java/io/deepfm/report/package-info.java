/** What a run says of itself: results.json, metrics.csv, tables of metrics; in packages below, report.html. */
package io.deepfm.report;
