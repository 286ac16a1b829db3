/** Parquet tables, read by column, and checked page by page before anybody trusts them. */
package io.deepfm.storage.parquet;
