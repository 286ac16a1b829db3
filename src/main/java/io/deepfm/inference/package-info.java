/** Rows of encoded features to logits, in batches, on a device of this machine. */
package io.deepfm.inference;
