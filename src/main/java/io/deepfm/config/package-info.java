/**
 * Typed, immutable settings: one record per section of the configuration, read from HOCON by {@link
 * io.deepfm.config.ConfigLoader}; no other package reads HOCON.
 */
package io.deepfm.config;
