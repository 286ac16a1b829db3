package io.deepfm.data.encode;

import io.deepfm.config.ConfigException;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.SizeLimits;
import io.deepfm.storage.DataException;
import java.util.Comparator;
import java.util.Locale;

/** Whether the trainer can hold a dataset, which is said before there is anything to train on. */
public final class SizeCheck {

    private SizeCheck() {}

    /**
     * Refuses fields with too many weights.
     *
     * @param dataset where its features stand
     * @param schema their fields
     * @param limits of the machine that trains
     * @throws ConfigException if the embedding tables are too large; the message names the largest
     */
    public static void requireWeights(DatasetDefinition dataset, DatasetSchema schema, SizeLimits limits) {
        long weights = schema.fields().stream().mapToLong(SizeCheck::weights).sum();
        if (weights <= limits.weights()) {
            return;
        }
        FieldSchema largest = schema.fields().stream()
                .max(Comparator.comparingLong(SizeCheck::weights))
                .orElseThrow();
        FeatureDefinition feature = dataset.features().stream()
                .filter(each -> each.name().text().equals(largest.name()))
                .findFirst()
                .orElseThrow();
        throw feature.name()
                .error(String.format(
                        Locale.ROOT,
                        "the features' embedding tables have %,d weights, but this machine's memory of %,d MiB holds"
                                + " %,d at most, with what the optimizer gathers for each. Feature %s alone has %,d: %,d ids of %d weights each and one of the linear part. %s.",
                        weights,
                        limits.memory() >> 20,
                        limits.weights(),
                        largest.name(),
                        weights(largest),
                        largest.vocabularySize(),
                        largest.embeddingDim(),
                        feature.hashBuckets() > 0
                                ? "Give it fewer hash_buckets or a smaller embedding_dim"
                                : "Raise its min_frequency, or give it hash_buckets or a smaller embedding_dim"));
    }

    /**
     * Refuses a table of users or items with too many rows.
     *
     * @param schema the fields
     * @param group user or item
     * @param table what to call it
     * @param rows how many it has
     * @throws DataException if they are too many
     */
    public static void requireRows(DatasetSchema schema, FieldGroup group, String table, long rows) {
        long width = SizeLimits.valuesPerRow(schema, group);
        if (rows > SizeLimits.TABLE_VALUES / width) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "There are %,d %s, but the trainer holds %,d at most with %d values each. Leave some out, or give the"
                            + " features of group %s a smaller max_length, or remove some.",
                    rows,
                    table,
                    SizeLimits.TABLE_VALUES / width,
                    width,
                    group.name().toLowerCase(Locale.ROOT)));
        }
    }

    private static long weights(FieldSchema field) {
        // Of a shared table the owner's are counted; what remains is the linear part.
        return SizeLimits.weights(field.vocabularySize(), field.table() == null ? field.embeddingDim() : 0);
    }
}
