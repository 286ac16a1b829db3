/** Files through Hadoop's FileSystem, so that every path may be local, {@code hdfs://} or any other URI. */
package io.deepfm.storage;
