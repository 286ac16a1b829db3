/** Raw files in any format to checked rows: parsing, line numbers, errors that name their place, quarantine. */
package io.deepfm.data.read;
