package io.deepfm.config;

/**
 * Dataset, split and negative sampling.
 *
 * @param datasetName the name of a dataset adapter
 * @param dataDir the folder with the raw files (any Hadoop path)
 * @param autoDownload whether to download the raw files where {@code dataDir} does not exist
 * @param splitStrategy how interactions become train, validation and test
 * @param minInteractions users with fewer interactions are in train only
 * @param labelThreshold a rating of at least this is a positive
 * @param numNegTrain negatives sampled per positive and epoch
 * @param numNegEval negatives in each candidate list
 * @param negativesFor which training rows get sampled negatives
 * @param shardRows rows per shard file of an epoch; bounds the trainer's memory
 * @param keepEpochs whether shards stay after they were trained on
 */
public record DataConfig(
        String datasetName,
        String dataDir,
        boolean autoDownload,
        SplitStrategy splitStrategy,
        int minInteractions,
        double labelThreshold,
        int numNegTrain,
        int numNegEval,
        NegativesFor negativesFor,
        int shardRows,
        boolean keepEpochs) {

    /** How interactions become train, validation and test. */
    public enum SplitStrategy {
        /** Per user, by time: the last interaction is test, the one before it validation, the rest train. */
        LEAVE_ONE_OUT
    }

    /** Which training rows get sampled negatives. */
    public enum NegativesFor {
        /** Interactions with label 1. */
        POSITIVE,
        /** Every interaction. */
        ALL
    }

    /** Checks ranges. */
    public DataConfig {
        Require.notBlank("dataset_name", datasetName);
        Require.notBlank("data_dir", dataDir);
        Require.atLeast("min_interactions", minInteractions, 3);
        Require.atLeast("num_neg_train", numNegTrain, 0);
        Require.atLeast("num_neg_eval", numNegEval, 1);
        Require.atLeast("shard_rows", shardRows, 1);
    }
}
