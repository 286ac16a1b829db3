/** The raw files of a dataset: which there are, and how it is known that they are the same as before. */
package io.deepfm.data.source;
