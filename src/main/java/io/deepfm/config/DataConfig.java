package io.deepfm.config;

/**
 * Dataset, split and negative sampling.
 *
 * @param datasetName the name of the dataset: one that comes with the program, an adapter's, or any where the section
 *     {@code dataset} describes it
 * @param dataDir the folder with the raw files (any Hadoop path)
 * @param autoDownload whether to download the raw files where {@code dataDir} does not exist
 * @param rawDigest how raw files are recognized
 * @param splitStrategy the name of how interactions become train, validation and test
 * @param validationShare share of the interactions in validation, where they are split by time or at random
 * @param testShare share of the interactions in test, where they are split by time or at random
 * @param maxBadRows the largest share of a raw table's rows that may be quarantined instead of stopping the run
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
        RawDigest rawDigest,
        String splitStrategy,
        double validationShare,
        double testShare,
        double maxBadRows,
        int minInteractions,
        double labelThreshold,
        int numNegTrain,
        int numNegEval,
        NegativesFor negativesFor,
        int shardRows,
        boolean keepEpochs) {

    /** How raw files are recognized. */
    public enum RawDigest {
        /** By their paths, lengths and times (or what the store has in place of times): nothing is read. */
        NONE,
        /** By their contents, which every command reads. */
        SHA256
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
        Require.within("validation_share", validationShare, 1e-9, 1);
        Require.within("test_share", testShare, 1e-9, 1);
        Require.fit(
                validationShare + testShare < 1,
                java.util.List.of("validation_share", "test_share"),
                "and test_share must leave something for train, found " + validationShare + " and " + testShare);
        Require.within("max_bad_rows", maxBadRows, 0, 1);
        Require.atLeast("min_interactions", minInteractions, 3);
        Require.atLeast("num_neg_train", numNegTrain, 0);
        Require.atLeast("num_neg_eval", numNegEval, 1);
        Require.atLeast("shard_rows", shardRows, 1);
    }
}
