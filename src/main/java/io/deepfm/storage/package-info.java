/**
 * Files through Hadoop's FileSystem, so that every path may be local, {@code hdfs://} or any other URI: outputs that
 * appear whole or not at all, the stages' manifests, and Parquet read column by column. No Spark, no DJL.
 */
package io.deepfm.storage;
