/** Negative items for candidate lists and for an epoch's shards, as functions of seed, epoch and row. */
package io.deepfm.data.sample;
