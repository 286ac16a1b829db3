package io.deepfm.data.history;

import static org.apache.spark.sql.functions.col;

import io.deepfm.data.encode.Encoders;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.Tables;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The splits' interactions with their users' histories: those of train see the train interactions before them, those of
 * validation train, those of test train and validation.
 */
public final class SplitHistories {

    /** The raw key of an interaction's item, by which one that is predicted for later is found among those kept. */
    public static final String ITEM_KEY = "_item_key";

    private final UserHistory history;
    private final DatasetDefinition dataset;
    private final Encoders encoders;
    private final Function<String, Dataset<Row>> splits;

    /**
     * @param dataset the features
     * @param encoders with that of the items' ids
     * @param splits gives the raw interactions of each split
     */
    public SplitHistories(DatasetDefinition dataset, Encoders encoders, Function<String, Dataset<Row>> splits) {
        this.history = new UserHistory(dataset);
        this.dataset = dataset;
        this.encoders = encoders;
        this.splits = splits;
    }

    /** The dataset that the histories belong to. */
    public DatasetDefinition dataset() {
        return dataset;
    }

    /**
     * The interactions of a split.
     *
     * @param split its name
     * @return raw columns and, where the dataset has histories, a column for each of them
     */
    public Dataset<Row> of(String split) {
        if (dataset.histories().isEmpty()) {
            return splits.apply(split);
        }
        return switch (split) {
            case Tables.TRAIN -> history.ofEach(events(Tables.TRAIN));
            case Tables.VALIDATION -> history.of(raw(Tables.VALIDATION), events(Tables.TRAIN));
            default ->
                history.of(
                        raw(Tables.TEST),
                        UserHistory.alone(events(Tables.TRAIN)).union(UserHistory.alone(events(Tables.VALIDATION))));
        };
    }

    /**
     * The interactions of test with histories that see train alone.
     *
     * @return as {@link #of}
     */
    public Dataset<Row> testSeeingTrain() {
        return history.of(raw(Tables.TEST), events(Tables.TRAIN));
    }

    /**
     * The interactions of all splits, for histories of what is predicted later.
     *
     * @return what histories are made of, by the raw keys of users and items
     */
    public Dataset<Row> kept() {
        return Tables.SPLITS.stream()
                .map(split ->
                        UserHistory.alone(history.events(byKeys(splits.apply(split), dataset), encoders), ITEM_KEY))
                .reduce(Dataset::union)
                .orElseThrow();
    }

    /**
     * Interactions with the raw keys of their users and items.
     *
     * @param interactions raw columns
     * @param dataset says which are the keys
     * @return with {@link UserHistory#USER} and {@value #ITEM_KEY}
     */
    public static Dataset<Row> byKeys(Dataset<Row> interactions, DatasetDefinition dataset) {
        return interactions
                .withColumn(
                        UserHistory.USER,
                        col(TableReader.quoted(dataset.user().orElseThrow().text())))
                .withColumn(
                        ITEM_KEY,
                        col(TableReader.quoted(dataset.item().orElseThrow().text())));
    }

    /**
     * Encoded interactions with other histories.
     *
     * @param interactions with {@link Tables#INTERACTION}, such as candidate lists
     * @param others the same interactions, whose histories are taken
     * @param dataset the features
     * @return the interactions with the others' histories
     */
    public static Dataset<Row> exchanged(Dataset<Row> interactions, Dataset<Row> others, DatasetDefinition dataset) {
        String[] histories = dataset.histories().stream()
                .map(feature -> feature.name().text())
                .toArray(String[]::new);
        return interactions.drop(histories).join(others.select(Tables.INTERACTION, histories), Tables.INTERACTION);
    }

    private Dataset<Row> events(String split) {
        return history.events(raw(split), encoders);
    }

    private Dataset<Row> raw(String split) {
        return splits.apply(split).withColumn(UserHistory.USER, col(Tables.USER_INDEX));
    }
}
