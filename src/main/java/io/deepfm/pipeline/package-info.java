/**
 * Stages over a shared folder: manifests, fingerprints, and outputs that appear whole or not at all; knows nothing
 * of recommenders.
 */
package io.deepfm.pipeline;
