/**
 * Spark stages from raw files to an epoch's shards: ingest, split, encode, candidates, sample. Every random choice is a
 * function of the seed and a row's key, so rows do not depend on how Spark partitions them.
 */
package io.deepfm.data;
