/** The parts of the report: each takes what is known of a run and gives paragraphs, tables and plots. */
package io.deepfm.report.section;
