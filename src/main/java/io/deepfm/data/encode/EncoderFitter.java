package io.deepfm.data.encode;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.array_min;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udaf;
import static org.apache.spark.sql.functions.when;

import io.deepfm.data.encode.FieldEncoder.HashBuckets;
import io.deepfm.data.encode.FieldEncoder.Log1p;
import io.deepfm.data.encode.FieldEncoder.MinMax;
import io.deepfm.data.encode.FieldEncoder.Standard;
import io.deepfm.data.encode.FieldEncoder.Vocabulary;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.schema.FeatureType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.UserDefinedFunction;

/**
 * Learns encoders from the training split: vocabularies, hash buckets, ranges and moments. A feature with one value at most
 * gets none.
 */
public final class EncoderFitter {

    /** The column with the number of training interactions of a row. */
    public static final String INTERACTIONS = "_interactions";

    private static final String FEATURE = "_feature";
    private static final String VALUE = "_value";

    private final Map<String, FieldEncoder> encoders = new HashMap<>();
    private final Map<String, String> constant = new HashMap<>();

    /**
     * Learns encoders beside those that were learned before.
     *
     * @param features features of one table
     * @param table its training rows, with the number of training interactions of each in {@value #INTERACTIONS}
     */
    public void fit(List<FeatureDefinition> features, Dataset<Row> table) {
        List<FeatureDefinition> ranged = features.stream()
                .filter(feature -> feature.type() == FeatureType.DENSE || feature.hashBuckets() > 0)
                .toList();
        List<FeatureDefinition> listed =
                features.stream().filter(feature -> !ranged.contains(feature)).toList();
        if (!ranged.isEmpty()) {
            fitRanges(ranged, table);
        }
        if (!listed.isEmpty()) {
            fitVocabularies(listed, table);
        }
    }

    /**
     * What was learned.
     *
     * @return encoders by the feature's name
     */
    public Map<String, FieldEncoder> encoders() {
        return Map.copyOf(encoders);
    }

    /**
     * What there was nothing to learn from.
     *
     * @return the features without an encoder
     */
    public ConstantFeatures constant() {
        return new ConstantFeatures(constant);
    }

    /** All vocabularies in one Spark job, over rows of (feature number, value). */
    private void fitVocabularies(List<FeatureDefinition> features, Dataset<Row> table) {
        List<Column> values = new ArrayList<>();
        List<Column> least = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            FeatureDefinition feature = features.get(i);
            Column number = lit(i).as(FEATURE);
            least.add(lit(feature.minFrequency()));
            values.add(
                    feature.type() == FeatureType.SEQUENCE
                            ? coalesce(
                                    transform(Encoders.value(feature), value -> struct(number, value.as(VALUE))),
                                    array().cast("array<struct<" + FEATURE + ": int, " + VALUE + ": string>>"))
                            : array(struct(number, Encoders.value(feature).as(VALUE))));
        }
        List<Row> found = table.select(
                        explode(concat(values.toArray(Column[]::new))).as("_one"), col(INTERACTIONS))
                .select("_one.*", INTERACTIONS)
                .filter(col(VALUE).isNotNull())
                .groupBy(FEATURE, VALUE)
                .agg(count(lit(1)).as("rows"), sum(INTERACTIONS).as(INTERACTIONS))
                .filter(col(INTERACTIONS)
                        .geq(element_at(
                                array(least.toArray(Column[]::new)),
                                col(FEATURE).plus(1))))
                .orderBy(col(FEATURE), col("rows").desc(), col(VALUE))
                .select(FEATURE, VALUE)
                .collectAsList();
        List<List<String>> known = new ArrayList<>();
        features.forEach(feature -> known.add(new ArrayList<>()));
        found.forEach(row -> known.get(row.getInt(0)).add(row.getString(1)));
        for (int i = 0; i < features.size(); i++) {
            List<String> of = known.get(i);
            String name = features.get(i).name().text();
            if (of.size() < 2) {
                constant.put(name, ConstantFeatures.describe(of.isEmpty() ? null : of.get(0)));
            } else {
                encoders.put(name, new Vocabulary(of));
            }
        }
    }

    /** The extremes of numbers, and of hashed values, of which it only matters whether they are the same. */
    private void fitRanges(List<FeatureDefinition> features, Dataset<Row> table) {
        UserDefinedFunction moments = udaf(new MomentsAggregator(), org.apache.spark.sql.Encoders.DOUBLE());
        List<Column> wanted = new ArrayList<>();
        for (FeatureDefinition feature : features) {
            Column value = Encoders.value(feature);
            Column number = feature.type() == FeatureType.DENSE ? when(Encoders.isFinite(value), value) : value;
            boolean list = feature.type() == FeatureType.SEQUENCE;
            wanted.addAll(List.of(
                    min(list ? array_min(number) : number),
                    max(list ? array_max(number) : number),
                    feature.type() != FeatureType.DENSE
                            ? lit(null)
                            : switch (feature.scalingOrDefault()) {
                                case STANDARD -> moments.apply(number);
                                case LOG1P -> moments.apply(Encoders.logarithm(number));
                                case MIN_MAX, NONE -> lit(null);
                            }));
        }
        Row all = table.agg(count(lit(1)), wanted.toArray(Column[]::new)).head();
        for (int i = 0; i < features.size(); i++) {
            FeatureDefinition feature = features.get(i);
            int at = 1 + 3 * i;
            if (Objects.equals(all.get(at), all.get(at + 1))) {
                constant.put(feature.name().text(), ConstantFeatures.describe(all.get(at)));
            } else {
                encoders.put(
                        feature.name().text(),
                        feature.type() == FeatureType.DENSE
                                ? scaling(feature, all, at)
                                : new HashBuckets(feature.hashBuckets()));
            }
        }
    }

    private static FieldEncoder scaling(FeatureDefinition feature, Row all, int at) {
        Row of = all.getAs(at + 2);
        return switch (feature.scalingOrDefault()) {
            // Which zero is the least depends on the order of rows; plus 0, there is one zero.
            case MIN_MAX -> new MinMax(all.getDouble(at) + 0.0, all.getDouble(at + 1) + 0.0);
            case STANDARD -> new Standard(of.getDouble(0), of.getDouble(1));
            case LOG1P -> new Log1p(of.getDouble(0), of.getDouble(1));
            case NONE -> new FieldEncoder.Unscaled();
        };
    }
}
