/** Rows that cannot be used: set aside and counted, or told and refused. */
package io.deepfm.data.quarantine;
