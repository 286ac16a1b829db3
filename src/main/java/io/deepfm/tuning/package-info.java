/** The search for better settings: trials, each an ordinary run, and the best of them by validation. */
package io.deepfm.tuning;
