package io.deepfm.data.history;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import io.deepfm.data.encode.RawExpression;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.schema.Tables;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Whether a dataset has what a history is made of. */
public final class HistoryCheck {

    private HistoryCheck() {}

    /**
     * Checks one feature.
     *
     * @param feature with a history
     * @param dataset what it belongs to
     * @param interactions their raw columns, without rows
     * @throws ConfigException if the dataset has no users, items or times, or {@code where} is no condition
     */
    public static void requireFit(FeatureDefinition feature, DatasetDefinition dataset, Dataset<Row> interactions) {
        Located name = feature.name();
        if (!dataset.hasUsersAndItems() || dataset.time().isEmpty()) {
            String missing = dataset.hasUsersAndItems() ? "dataset.time" : "dataset.user and dataset.item";
            throw name.error("feature " + name + ": a history is of a user's interactions in the order of time, so it"
                    + " requires " + missing + ". Add them, or remove the feature.");
        }
        if (feature.isItemHistory() && dataset.itemFeature().isEmpty()) {
            Located item = dataset.item().orElseThrow();
            throw name.error("feature " + name + ": a history of items has the ids of the item's own feature, which is"
                    + " missing. Add { name = " + item + ", type = sparse, group = item } or, under another name,"
                    + " one with expression = " + item + ".");
        }
        feature.history().orElseThrow().where().ifPresent(where -> {
            Dataset<Row> labelled = UserHistory.withLabel(
                    interactions.withColumn(
                            Tables.RAW_LABEL, functions.lit(null).cast("double")),
                    dataset);
            RawExpression.condition(
                    labelled.drop(Tables.RAW_LABEL),
                    where,
                    "feature " + name + ", where",
                    dataset.interactions().path());
        });
    }
}
