/** What matters to a model, as text and as a file. */
package io.deepfm.report.explanation;
