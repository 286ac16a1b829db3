/** What a model is worth after an epoch: the metrics over the validation split's candidate lists. */
package io.deepfm.training.validation;
