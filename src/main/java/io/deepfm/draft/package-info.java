/** A first configuration for files that nobody has described yet: what their columns are is guessed from their contents. */
package io.deepfm.draft;
