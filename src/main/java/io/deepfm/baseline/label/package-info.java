/**
 * What a model of labelled rows without users and items, such as a click log, is measured against: well-known methods that give each
 * row a probability from the same encoded features; their settings are chosen on validation.
 */
package io.deepfm.baseline.label;
