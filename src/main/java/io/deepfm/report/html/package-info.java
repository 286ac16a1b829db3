/** The report as one page of HTML: its frame, its tables and its plots. */
package io.deepfm.report.html;
