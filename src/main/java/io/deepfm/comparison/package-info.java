/** Runs side by side: their metrics over seeds, the settings that differ, and their differences user by user. */
package io.deepfm.comparison;
