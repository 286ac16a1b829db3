/** A model's weights: their names and shapes, where their values come from, and the arrays that hold them. */
package io.deepfm.model.parameter;
