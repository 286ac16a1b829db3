/** Raw files in any format to checked rows: parsing, line numbers, what is wrong with a row and which are left out. */
package io.deepfm.data.read;
