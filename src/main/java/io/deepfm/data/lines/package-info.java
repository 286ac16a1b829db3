/** Delimited text: lines to records, records to values. */
package io.deepfm.data.lines;
