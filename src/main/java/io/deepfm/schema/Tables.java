package io.deepfm.schema;

import java.util.List;

/** The tables of a work directory and the columns that every dataset has in them. */
public final class Tables {

    /** All interactions with their raw columns. */
    public static final String INTERACTIONS = "interactions";
    /** All users with their raw columns. */
    public static final String USERS = "users";
    /** All items with their raw columns. */
    public static final String ITEMS = "items";
    /** Each split's interactions. */
    public static final String SPLIT = "split";
    /** Encoded users, items and interactions, the items each user has seen, and the encoders. */
    public static final String ENCODED = "encoded";
    /** One list of items to rank per held-out interaction. */
    public static final String CANDIDATES = "candidates";
    /** Training rows per epoch. */
    public static final String EPOCHS = "epochs";

    /** The items each user has interacted with in any split, beside the encoded users and items. */
    public static final String SEEN = "seen";
    /** What was taken over of sources that are no files: a folder of Parquet files for each. */
    public static final String SOURCES = "sources";
    /** Each user's interactions in all splits, for histories, beside the encoded users and items where features need it. */
    public static final String HISTORY = "history";
    /** The histories of the test split without its validation rows, within {@link #ENCODED}. */
    public static final String TEST_SEEING_TRAIN = "test_seeing_train";
    /**
     * The raw columns of all items and how often each is in train, beside the encoded items: what recommendations show and
     * leave out. Models of earlier versions have none.
     */
    public static final String CATALOGUE = "catalogue";
    /** An item's interactions in train (long). */
    public static final String TRAIN_INTERACTIONS = "_train_interactions";

    /** The fitted encoders, beside the encoded tables. */
    public static final String ENCODERS_FILE = "encoders.json";
    /** The dataset's definition, beside the encoded tables. */
    public static final String DATASET_FILE = "dataset.json";
    /** What predicting needs of the encoded tables; a model's folder holds the same entries. */
    public static final List<String> ENCODED_PARTS = List.of(USERS, ITEMS, SEEN, ENCODERS_FILE, DATASET_FILE);

    /** What encoders are fitted on and the model learns from. */
    public static final String TRAIN = "train";
    /** What picks the best epoch. */
    public static final String VALIDATION = "validation";
    /** What the final metrics are computed on. */
    public static final String TEST = "test";
    /** All three splits. */
    public static final List<String> SPLITS = List.of(TRAIN, VALIDATION, TEST);

    /** Identifies an interaction: its line in the raw file (long). */
    public static final String INTERACTION = "interaction";
    /** A user's index: the row in the table of users (int). */
    public static final String USER_INDEX = "user_index";
    /** An item's index: the row in the table of items (int). */
    public static final String ITEM_INDEX = "item_index";
    /** What identifies a user in the raw files (the raw column's type). */
    public static final String USER_KEY = "user_key";
    /** What identifies an item in the raw files (the raw column's type). */
    public static final String ITEM_KEY = "item_key";
    /** 1 for a positive, else 0 (int). */
    public static final String LABEL = "label";
    /** The label, beside raw columns, one of which may have its name (double). */
    public static final String RAW_LABEL = "_label";
    /** What orders a user's interactions (long or double). */
    public static final String TIME = "_time";
    /** The split of an interaction; before there are splits, the one that the raw files assign it to (string). */
    public static final String SPLIT_NAME = "_split";
    /** Item indices in ascending order (array of int). */
    public static final String ITEM_INDICES = "item_indices";
    /** How often the user had the item, where several interactions of a pair are one (int). */
    public static final String PAIR_COUNT = "_pair_count";
    /** What a training row weighs in the loss; not there where all weigh 1 (float). */
    public static final String WEIGHT = "_weight";
    /** The sampled items of a candidate list (array of int). */
    public static final String NEGATIVES = "negatives";

    /** Names that stand beside raw columns, in lower case; so do names that begin with {@code _}. */
    public static final List<String> RESERVED_RAW =
            List.of(INTERACTION, USER_INDEX, ITEM_INDEX, "line", "probability", "unknown_user", "unknown_item");
    /** Names that stand beside features, in lower case. */
    public static final List<String> RESERVED_FEATURES = List.of(
            INTERACTION,
            USER_INDEX,
            ITEM_INDEX,
            USER_KEY,
            ITEM_KEY,
            LABEL,
            PAIR_COUNT,
            WEIGHT,
            ITEM_INDICES,
            NEGATIVES,
            "shard");

    private Tables() {}
}
