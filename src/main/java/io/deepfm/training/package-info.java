/**
 * The trainer on one machine: it reads an epoch's shards, moves the weights, and keeps the best model by the validation
 * candidates; it knows no SparkSession, as shards come through {@link io.deepfm.training.EpochShards}.
 */
package io.deepfm.training;
