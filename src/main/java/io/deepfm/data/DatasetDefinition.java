package io.deepfm.data;

import io.deepfm.schema.FieldGroup;
import java.util.List;

/**
 * What a dataset's tables and columns mean.
 *
 * @param interactions one row per interaction, in the order that breaks ties in time
 * @param users one row per user
 * @param items one row per item
 * @param userKey the column that identifies a user in {@code interactions} and {@code users}
 * @param itemKey the column that identifies an item in {@code interactions} and {@code items}
 * @param timeColumn the column of {@code interactions} that orders them
 * @param labelField the label's name
 * @param labelExpression Spark SQL over {@code interactions} that is true for a positive
 * @param features the input features
 */
public record DatasetDefinition(
        TableSource interactions,
        TableSource users,
        TableSource items,
        String userKey,
        String itemKey,
        String timeColumn,
        String labelField,
        String labelExpression,
        List<FeatureDefinition> features) {

    /** Keeps the features from changing. */
    public DatasetDefinition {
        features = List.copyOf(features);
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
}
