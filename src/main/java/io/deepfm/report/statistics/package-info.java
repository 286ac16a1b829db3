/** What a report computes of held-out rows: intervals, curves, calibration, concentration, slices. */
package io.deepfm.report.statistics;
