/** What a model reads of a table's columns and adds to them. */
package io.deepfm.ml.column;
