/** Invalid rows: quarantined and counted, or reported as an error. */
package io.deepfm.data.quarantine;
