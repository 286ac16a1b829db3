/** Where random choices come from. */
package io.deepfm.config.random;
