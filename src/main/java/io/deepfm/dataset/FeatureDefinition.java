package io.deepfm.dataset;

import io.deepfm.config.Default;
import io.deepfm.config.Located;
import io.deepfm.config.Require;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A feature before its encoder is fitted.
 *
 * @param name the field's name
 * @param type how its values are encoded
 * @param group the table it is computed from: user, item, or the interactions (context)
 * @param history what the feature takes from its user's earlier interactions; then it is of group context and has no
 *     expression
 * @param expression Spark SQL over that table's columns: a value, or for a sequence an array of values; the column of the
 *     feature's name where not given
 * @param buckets sparse: ascending boundaries; a number becomes the largest boundary that is not above it, a smaller
 *     number than all a bucket of its own
 * @param embeddingDim width of the learned vector: a number, 0 to pass a dense value through, or {@code auto}; that of the
 *     items' feature where a history shares its table
 * @param maxLength sequence: ids per row; of a history its {@code last}
 * @param combiner sequence: pooling
 * @param minFrequency sparse and sequence: values that occur less often in train become unknown
 * @param hashBuckets sparse and sequence: ids come from a hash over so many buckets instead of a vocabulary; 0 for none
 * @param scaling dense: what is done to the number; {@code log1p} for a history and else {@code min_max} where not given
 */
public record FeatureDefinition(
        Located name,
        FeatureType type,
        @Default("context") FieldGroup group,
        Optional<HistoryDefinition> history,
        Optional<Located> expression,
        @Default("[]") List<Double> buckets,
        @Default("auto") String embeddingDim,
        @Default("1") int maxLength,
        @Default("mean") Combiner combiner,
        @Default("1") int minFrequency,
        @Default("0") int hashBuckets,
        Optional<Scaling> scaling) {

    /** What is done to a dense value. A missing one becomes 0 afterwards. */
    public enum Scaling {
        /** The range in train becomes 0..1; values outside are moved to its ends. */
        MIN_MAX,
        /** Less the mean and divided by the standard deviation in train. */
        STANDARD,
        /** sign(x) log(1 + |x|), for counts and amounts; then as {@link #STANDARD}. */
        LOG1P,
        /** Nothing. */
        NONE
    }

    private static final String HISTORY_COLUMN = "_history_";
    private static final int LARGEST_AUTO_DIM = 32;
    private static final int DENSE_AUTO_DIM = 4;
    /** With id 0 they are still counted in an int. */
    private static final int MOST_BUCKETS = Integer.MAX_VALUE - 1;

    /** Checks that the parts fit each other. */
    public FeatureDefinition {
        Require.that(
                name.text().matches("[A-Za-z_][A-Za-z0-9_]*"),
                "name",
                "must start with a letter or _ and contain only letters, digits and _, found " + name.text());
        Require.that(
                embeddingDim.equals("auto") || embeddingDim.matches("[0-9]{1,5}"),
                "embedding_dim",
                "must be an integer or auto, found " + embeddingDim);
        Require.that(
                type == FeatureType.DENSE || !embeddingDim.matches("0+"),
                "embedding_dim",
                "must be at least 1; only a dense feature can be passed through");
        Require.that(buckets.isEmpty() || type == FeatureType.SPARSE, "buckets", "require type = sparse");
        for (int i = 1; i < buckets.size(); i++) {
            Require.that(
                    buckets.get(i) > buckets.get(i - 1), "buckets", "must be in ascending order, found " + buckets);
        }
        Require.atLeast("max_length", maxLength, 1);
        Require.that(maxLength == 1 || type == FeatureType.SEQUENCE, "max_length", "requires type = sequence");
        Require.atLeast("min_frequency", minFrequency, 1);
        Require.within("hash_buckets", hashBuckets, 0, MOST_BUCKETS);
        boolean dense = type == FeatureType.DENSE;
        Require.that(!dense || minFrequency == 1, "min_frequency", "does not apply to type = dense");
        Require.that(!dense || hashBuckets == 0, "hash_buckets", "does not apply to type = dense");
        Require.fit(
                hashBuckets == 0 || minFrequency == 1,
                List.of("min_frequency"),
                "has no effect with hash_buckets, which use no vocabulary");
        buckets = List.copyOf(buckets);
        if (history.isPresent()) {
            int last = history.get().last().orElse(1);
            Require.that(maxLength == 1 || maxLength == last, "max_length", "of a history is its last: leave it out");
            maxLength = last;
            requireFit(
                    history.get(),
                    type,
                    group,
                    Map.of(
                            "expression",
                            expression.isPresent(),
                            "buckets",
                            !buckets.isEmpty(),
                            "min_frequency",
                            minFrequency != 1,
                            "hash_buckets",
                            hashBuckets != 0));
            Require.that(
                    !history.get().sharesTable() || embeddingDim.equals("auto"),
                    "embedding_dim",
                    "is that of the item's own feature, whose embedding table this one shares: leave it out, or set"
                            + " table = own");
        }
    }

    private static void requireFit(
            HistoryDefinition history, FeatureType type, FieldGroup group, Map<String, Boolean> given) {
        FeatureType fitting = history.isOfItems() ? FeatureType.SEQUENCE : FeatureType.DENSE;
        Require.that(
                type == fitting,
                "type",
                "must be " + fitting.name().toLowerCase(Locale.ROOT) + " with history { of = "
                        + history.of().name().toLowerCase(Locale.ROOT) + " }");
        Require.that(
                group == FieldGroup.CONTEXT,
                "group",
                "must be context with a history, which belongs to an interaction");
        new TreeMap<>(given)
                .forEach((key, isGiven) -> Require.that(
                        !isGiven,
                        key,
                        "does not apply to a history: its condition is where, and its ids are the items'"));
    }

    /**
     * A categorical feature.
     *
     * @param name the field's name
     * @param group the table it is computed from
     * @param expression Spark SQL that gives a value
     * @param embeddingDim width of the learned vector
     * @return the feature
     */
    public static FeatureDefinition sparse(String name, FieldGroup group, String expression, int embeddingDim) {
        return of(name, FeatureType.SPARSE, group, expression, embeddingDim, 1, Combiner.MEAN);
    }

    /**
     * A numeric feature, scaled to 0..1.
     *
     * @param name the field's name
     * @param group the table it is computed from
     * @param expression Spark SQL that gives a number
     * @param embeddingDim width of its projection, 0 to pass the number through
     * @return the feature
     */
    public static FeatureDefinition dense(String name, FieldGroup group, String expression, int embeddingDim) {
        return of(name, FeatureType.DENSE, group, expression, embeddingDim, 1, Combiner.MEAN);
    }

    /**
     * A feature of several categorical values.
     *
     * @param name the field's name
     * @param group the table it is computed from
     * @param expression Spark SQL that gives an array
     * @param embeddingDim width of the learned vector
     * @param maxLength ids per row
     * @param combiner pooling
     * @return the feature
     */
    public static FeatureDefinition sequence(
            String name, FieldGroup group, String expression, int embeddingDim, int maxLength, Combiner combiner) {
        return of(name, FeatureType.SEQUENCE, group, expression, embeddingDim, maxLength, combiner);
    }

    private static FeatureDefinition of(
            String name,
            FeatureType type,
            FieldGroup group,
            String expression,
            int dim,
            int maxLength,
            Combiner combiner) {
        return new FeatureDefinition(
                Located.of(name),
                type,
                group,
                Optional.empty(),
                Optional.of(Located.of(expression)),
                List.of(),
                Integer.toString(dim),
                maxLength,
                combiner,
                1,
                0,
                Optional.of(Scaling.MIN_MAX));
    }

    /**
     * The feature's SQL.
     *
     * @return its expression, or its name where it has none; of a history the column that it is computed to
     */
    public Located expressionOrName() {
        return history.map(of -> Located.of(HISTORY_COLUMN + name))
                .or(() -> expression)
                .orElse(name);
    }

    /**
     * What is done to a dense value.
     *
     * @return as given, or the default
     */
    public Scaling scalingOrDefault() {
        return scaling.orElse(history.isPresent() ? Scaling.LOG1P : Scaling.MIN_MAX);
    }

    /**
     * Whether the feature has a learned vector.
     *
     * @return false for a dense value that is passed through
     */
    public boolean hasEmbedding() {
        return type != FeatureType.DENSE || !embeddingDim.matches("0+");
    }

    /**
     * Whether the feature is a list of the items of earlier interactions.
     *
     * @return false for all that is not, or not only, a history
     */
    public boolean isItemHistory() {
        return history.map(HistoryDefinition::isOfItems).orElse(false);
    }

    /**
     * The width of the learned vector.
     *
     * @param vocabularySize the number of ids; not used for a dense feature
     * @return the number given; for {@code auto} 1.6 n^0.56 for n ids, at most 32, and 4 for a dense feature
     */
    public int embeddingDim(int vocabularySize) {
        if (!embeddingDim.equals("auto")) {
            return Integer.parseInt(embeddingDim);
        }
        return type == FeatureType.DENSE
                ? DENSE_AUTO_DIM
                : (int) Math.min(LARGEST_AUTO_DIM, Math.max(1, Math.round(1.6 * Math.pow(vocabularySize, 0.56))));
    }
}
