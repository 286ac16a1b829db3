/** What a model's folder holds of its data: raw rows to the model's input. */
package io.deepfm.scoring.saved;
