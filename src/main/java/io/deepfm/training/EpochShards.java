package io.deepfm.training;

import org.apache.hadoop.fs.Path;

/** Where each epoch's training groups come from. */
public interface EpochShards {

    /**
     * The shards of an epoch; waits until they are whole.
     *
     * @param epoch counted from 1
     * @return a folder with subfolders {@code shard=0}, {@code shard=1}, ...
     */
    Path shards(int epoch);

    /**
     * Says that an epoch's shards have been read.
     *
     * @param epoch counted from 1
     */
    void consumed(int epoch);
}
