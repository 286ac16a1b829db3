/** The values that a search may give to settings, as a HOCON file lists them. */
package io.deepfm.config.space;
