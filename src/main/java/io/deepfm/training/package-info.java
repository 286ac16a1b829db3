/**
 * The single-node trainer: it reads an epoch's Parquet shards, moves the weights, watches the validation candidates and
 * keeps the best model. It knows no Spark; where shards come from is behind {@link io.deepfm.training.EpochShards}.
 */
package io.deepfm.training;
