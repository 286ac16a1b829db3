/**
 * What a model is measured against: well-known methods without features, each a short class, which rank the same candidate
 * lists as the model; their settings are chosen on validation.
 */
package io.deepfm.baseline;
