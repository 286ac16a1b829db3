/** Matrices of items by items. */
package io.deepfm.baseline.matrix;
