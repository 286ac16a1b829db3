/**
 * Typed, immutable settings: one record per section of the configuration file, read from HOCON by {@link
 * io.deepfm.config.ConfigLoader}. No other package reads HOCON.
 */
package io.deepfm.config;
