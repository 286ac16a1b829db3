/** The layers that the models are made of. Shapes: B rows, F fields, D the fields' common dimension. */
package io.deepfm.model.layer;
