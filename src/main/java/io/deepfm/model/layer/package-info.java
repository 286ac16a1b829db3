/** The layers that the architectures are made of; shapes: B rows, F fields, D the fields' common dimension. */
package io.deepfm.model.layer;
