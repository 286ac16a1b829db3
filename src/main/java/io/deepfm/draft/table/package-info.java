/** Raw files as they are found: how they are written, and what their columns hold. */
package io.deepfm.draft.table;
