/** Values of weights wherever they are, piece by piece. */
package io.deepfm.model.tensor;
