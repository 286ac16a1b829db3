/** The rows of an epoch: shards read ahead of the steps, group by group, as batches. */
package io.deepfm.training.shard;
