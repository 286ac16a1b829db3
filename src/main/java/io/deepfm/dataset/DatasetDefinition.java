package io.deepfm.dataset;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ConfigLoader;
import io.deepfm.config.Default;
import io.deepfm.config.Entries;
import io.deepfm.config.Located;
import io.deepfm.config.Require;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a dataset's tables and columns mean: the section {@code dataset} of a configuration, or what an adapter says.
 *
 * @param interactions one row per interaction, in the order that breaks ties in time; only those of train where the
 *     split is predefined
 * @param validation the split {@code predefined}: the interactions of validation
 * @param test the splits {@code predefined} and {@code predefined_test}: the interactions of test
 * @param candidates the lists to rank test interactions in; where not given, their negatives are sampled
 * @param users one row per user; where not given, the users are those of the interactions
 * @param items one row per item; where not given, the items are those of the interactions
 * @param missingUsers what becomes of users without a row in {@code users}
 * @param missingItems what becomes of items without a row in {@code items}
 * @param user the column that identifies a user, in the interactions and in {@code users}
 * @param item the column that identifies an item, in the interactions and in {@code items}
 * @param time Spark SQL over the interactions: a number or a timestamp that orders them
 * @param label Spark SQL over the interactions that is true, or 1, for a positive; where not given, every row is one
 * @param labelField the label's name
 * @param timeZone what days and hours are by in all SQL over the dataset, and in texts that name no zone, whatever Spark's
 *     own setting is: what {@link ZoneId} knows, such as {@code America/New_York}
 * @param features the input features; the defaults of each type are in the section {@code feature_defaults}
 */
public record DatasetDefinition(
        TableSource interactions,
        Optional<TableSource> validation,
        Optional<TableSource> test,
        Optional<CandidatesDefinition> candidates,
        Optional<TableSource> users,
        Optional<TableSource> items,
        @Default("keep") MissingRows missingUsers,
        @Default("keep") MissingRows missingItems,
        Optional<Located> user,
        Optional<Located> item,
        Optional<Located> time,
        Optional<Located> label,
        @Default("label") String labelField,
        @Default("UTC") String timeZone,
        @Entries(defaults = "feature_defaults", kind = "type") List<FeatureDefinition> features) {

    /** Checks that the parts fit each other. */
    public DatasetDefinition {
        features = List.copyOf(features);
        Require.that(!features.isEmpty(), "features", "must not be empty");
        Require.fit(
                user.isPresent() == item.isPresent(),
                List.of(user.isPresent() ? "user" : "item"),
                "is given, but " + (user.isPresent() ? "item" : "user") + " is not: give both or neither");
        requireTable(candidates.isPresent(), user.isPresent(), "candidates", "user");
        requireTable(users.isPresent(), user.isPresent(), "users", "user");
        requireTable(items.isPresent(), item.isPresent(), "items", "item");
        Require.that(validation.isEmpty() || test.isPresent(), "validation", "is given, but test is not");
        requireZone(timeZone);
        Map<String, Located> names = new HashMap<>();
        for (FeatureDefinition feature : features) {
            Located name = feature.name();
            Located first = names.putIfAbsent(name.text(), name);
            if (first != null) {
                throw name.error("dataset.features must have different names, found " + name + " twice"
                        + (first.place().isEmpty() ? "." : ", first at " + first.place() + "."));
            }
            if (user.isEmpty() && feature.group() != FieldGroup.CONTEXT) {
                throw name.error("dataset.features of group user or item require dataset.user and dataset.item; " + name
                        + " has group " + feature.group().name().toLowerCase(Locale.ROOT) + ".");
            }
        }
        Require.that(
                features.stream().anyMatch(FeatureDefinition::hasEmbedding),
                "features",
                "are all passed through: at least one feature needs an embedding");
    }

    private static void requireTable(boolean table, boolean key, String tableKey, String keyKey) {
        Require.that(!table || key, tableKey, "needs " + keyKey + ": the column that identifies a row");
    }

    private static void requireZone(String id) {
        boolean isKnown = true;
        try {
            ZoneId.of(id);
        } catch (DateTimeException e) {
            isKnown = false;
        }
        Require.that(
                isKnown, "time_zone", "must be a time zone such as UTC, America/New_York or \"+01:00\", found " + id);
    }

    /**
     * Reads a description, such as an adapter's own or one that {@link ConfigLoader#toJson} wrote.
     *
     * @param json a JSON object
     * @param place what to call it in errors
     * @return the description
     * @throws ConfigException if it cannot be used
     */
    public static DatasetDefinition fromJson(String json, String place) {
        return ConfigLoader.fromJson(DatasetDefinition.class, json, place);
    }

    /**
     * Whether interactions are between users and items, which sampling negatives and ranking need.
     *
     * @return false for a log without them
     */
    public boolean hasUsersAndItems() {
        return user.isPresent();
    }

    /**
     * The features of one group.
     *
     * @param group the group
     * @return its features in order
     */
    public List<FeatureDefinition> features(FieldGroup group) {
        return features.stream().filter(feature -> feature.group() == group).toList();
    }

    /**
     * The features that are made of a user's earlier interactions.
     *
     * @return in order
     */
    public List<FeatureDefinition> histories() {
        return features.stream()
                .filter(feature -> feature.history().isPresent())
                .toList();
    }

    /**
     * The feature that tells an item by its id, of which the ids in histories are.
     *
     * @return the sparse feature that is the item's key column, if there is one
     */
    public Optional<FeatureDefinition> itemFeature() {
        return features(FieldGroup.ITEM).stream()
                .filter(feature -> feature.type() == FeatureType.SPARSE
                        && feature.buckets().isEmpty()
                        && item.equals(Optional.of(feature.expressionOrName())))
                .findFirst();
    }

    /**
     * With some of the features.
     *
     * @param others at least one of them with an embedding
     * @return this with those
     */
    public DatasetDefinition withFeatures(List<FeatureDefinition> others) {
        return with(interactions, validation, test, candidates, users, items, others);
    }

    /**
     * With the columns that were found where the sources do not say them, so that later files are read alike.
     *
     * @param interactionColumns those of the interactions, as in SQL
     * @param userColumns those of the users
     * @param itemColumns those of the items
     * @return this with the columns
     */
    public DatasetDefinition withColumns(String interactionColumns, String userColumns, String itemColumns) {
        return with(
                withColumns(interactions, interactionColumns),
                validation,
                test,
                candidates,
                users.map(source -> withColumns(source, userColumns)),
                items.map(source -> withColumns(source, itemColumns)),
                features);
    }

    /**
     * With other sources.
     *
     * @param changed gives each source its replacement
     * @return this with those
     */
    public DatasetDefinition withSources(UnaryOperator<TableSource> changed) {
        return with(
                changed.apply(interactions),
                validation.map(changed),
                test.map(changed),
                candidates.map(lists -> new CandidatesDefinition(
                        changed.apply(lists.source()), lists.user(), lists.item(), lists.negatives())),
                users.map(changed),
                items.map(changed),
                features);
    }

    private DatasetDefinition with(
            TableSource otherInteractions,
            Optional<TableSource> otherValidation,
            Optional<TableSource> otherTest,
            Optional<CandidatesDefinition> otherCandidates,
            Optional<TableSource> otherUsers,
            Optional<TableSource> otherItems,
            List<FeatureDefinition> otherFeatures) {
        return new DatasetDefinition(
                otherInteractions,
                otherValidation,
                otherTest,
                otherCandidates,
                otherUsers,
                otherItems,
                missingUsers,
                missingItems,
                user,
                item,
                time,
                label,
                labelField,
                timeZone,
                otherFeatures);
    }

    private static TableSource withColumns(TableSource source, String columns) {
        return source.columns().isPresent() ? source : source.withColumns(Located.of(columns));
    }
}
