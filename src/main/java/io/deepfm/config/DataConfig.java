package io.deepfm.config;

import java.util.Optional;

/**
 * Dataset, split and negative sampling.
 *
 * @param datasetName the name of the dataset: one that comes with the program, an adapter's, or any where the section
 *     {@code dataset} describes it
 * @param dataDir the folder with the raw files (any Hadoop path)
 * @param autoDownload whether to download the raw files where {@code dataDir} does not exist
 * @param rawDigest how raw files are recognized
 * @param splitStrategy the name of how interactions become train, validation and test
 * @param validationRow which of a user's training rows is validation, where only test is predefined
 * @param validationShare share of the interactions in validation, where they are split by time or at random
 * @param testShare share of the interactions in test, where they are split by time or at random
 * @param testSplit whether there is a test split; without, its rows are in train, and nothing is measured after training
 * @param maxBadRows the largest share of a raw table's rows that may be quarantined instead of stopping the run
 * @param duplicates what becomes of interactions that repeat an earlier one in all their columns
 * @param repeatedPairs which of several interactions of one user with one item are taken
 * @param pairWeight what a training row weighs whose pair was counted
 * @param minInteractions users with fewer interactions are in train only
 * @param labelThreshold a rating of at least this is a positive
 * @param numNegTrain negatives sampled per positive and epoch
 * @param numNegEval negatives in each candidate list: a number, or {@code all} for every item that the user has not seen
 * @param negatives how likely an unseen item is to be drawn as a negative, in training and in candidate lists
 * @param negativesExponent what popularity is raised to
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
        ValidationRow validationRow,
        double validationShare,
        double testShare,
        boolean testSplit,
        double maxBadRows,
        Duplicates duplicates,
        RepeatedPairs repeatedPairs,
        PairWeight pairWeight,
        int minInteractions,
        double labelThreshold,
        int numNegTrain,
        String numNegEval,
        Negatives negatives,
        double negativesExponent,
        NegativesFor negativesFor,
        int shardRows,
        boolean keepEpochs) {

    private static final String ALL = "all";

    /** How raw files are recognized. */
    public enum RawDigest {
        /** By their paths, lengths and times (or what the store has in place of times): nothing is read. */
        NONE,
        /** By their contents, which every command reads. */
        SHA256
    }

    /** What becomes of interactions that repeat an earlier one in all their columns. */
    public enum Duplicates {
        /** {@link #ERROR} where there are users and items, else {@link #KEEP}: two rows of a log may well be the same. */
        AUTO,
        /** They are bad rows. */
        ERROR,
        /** They are interactions as all others. */
        KEEP,
        /** They are left out. */
        DROP
    }

    /** Which of several interactions of one user with one item are taken. */
    public enum RepeatedPairs {
        /** All. */
        KEEP,
        /** The first by time, or in the file's order where times are equal or the dataset has none. */
        FIRST,
        /** The last, in the same order. */
        LAST,
        /** The first, which weighs the more in training the more there are. */
        COUNT
    }

    /** What a training row weighs that stands for n interactions of a pair. */
    public enum PairWeight {
        /** 1 + ln n. */
        LOG,
        /** n. */
        COUNT
    }

    /** Which of a user's training rows is validation, where the raw files hold train and test alone. */
    public enum ValidationRow {
        /** The last by time, or in the file's order where the dataset has no time. */
        LAST,
        /** Any, by a hash. */
        RANDOM
    }

    /** How likely an item is to be drawn. */
    public enum Negatives {
        /** As likely as any other. */
        UNIFORM,
        /** In proportion to a power of 1 + its training interactions. */
        POPULARITY
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
        Require.that(
                numNegEval.equals(ALL) || numNegEval.matches("0*[1-9][0-9]{0,8}"),
                "num_neg_eval",
                "must be an integer of at least 1 or all, found " + numNegEval);
        Require.within("negatives_exponent", negativesExponent, 0, 10);
        Require.atLeast("shard_rows", shardRows, 1);
    }

    /**
     * The share of the interactions in test, where they are split by time or at random.
     *
     * @return {@code test_share}, or 0 without a test split
     */
    public double heldOutForTest() {
        return testSplit ? testShare : 0;
    }

    /**
     * What training rows weigh.
     *
     * @return nothing where all weigh the same
     */
    public Optional<PairWeight> weight() {
        return repeatedPairs == RepeatedPairs.COUNT ? Optional.of(pairWeight) : Optional.empty();
    }

    /**
     * What popularity is raised to, as far as it counts.
     *
     * @return nothing where every item is equally likely
     */
    public Optional<Double> popularityExponent() {
        return negatives == Negatives.POPULARITY ? Optional.of(negativesExponent) : Optional.empty();
    }

    /**
     * The most negatives that a candidate list has.
     *
     * @return {@code num_neg_eval}; more than there are items for {@code all}
     */
    public int mostNegatives() {
        return numNegEval.equals(ALL) ? Integer.MAX_VALUE : Integer.parseInt(numNegEval);
    }
}
