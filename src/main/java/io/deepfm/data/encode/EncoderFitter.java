package io.deepfm.data.encode;

import static org.apache.spark.sql.functions.array;
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

import io.deepfm.config.ConfigException;
import io.deepfm.data.encode.FieldEncoder.HashBuckets;
import io.deepfm.data.encode.FieldEncoder.Log1p;
import io.deepfm.data.encode.FieldEncoder.MinMax;
import io.deepfm.data.encode.FieldEncoder.Standard;
import io.deepfm.data.encode.FieldEncoder.Vocabulary;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.StructType;

/** Learns encoders from the training split: vocabularies, hash buckets, ranges and moments. */
public final class EncoderFitter {

    /** The column with the number of training interactions of a row. */
    public static final String INTERACTIONS = "_interactions";

    private static final String FEATURE = "_feature";
    private static final String VALUE = "_value";

    private EncoderFitter() {}

    /**
     * Learns encoders.
     *
     * @param features features of one table
     * @param table its training rows, with the number of training interactions of each in {@value #INTERACTIONS}
     * @return an encoder for each, by the feature's name
     * @throws ConfigException if there is nothing to learn from for one of them
     */
    public static Map<String, FieldEncoder> fit(List<FeatureDefinition> features, Dataset<Row> table) {
        Map<String, FieldEncoder> fitted = new HashMap<>();
        List<FeatureDefinition> dense = features.stream()
                .filter(feature -> feature.type() == FeatureType.DENSE)
                .toList();
        List<FeatureDefinition> listed = features.stream()
                .filter(feature -> feature.type() != FeatureType.DENSE && feature.hashBuckets() == 0)
                .toList();
        features.stream()
                .filter(feature -> feature.hashBuckets() > 0)
                .forEach(feature -> fitted.put(feature.name().text(), new HashBuckets(feature.hashBuckets())));
        if (!dense.isEmpty()) {
            fitDense(dense, table, fitted);
        }
        if (!listed.isEmpty()) {
            fitVocabularies(listed, table, fitted);
        }
        return fitted;
    }

    /** All vocabularies in one Spark job, over rows of (feature number, value). */
    private static void fitVocabularies(
            List<FeatureDefinition> features, Dataset<Row> table, Map<String, FieldEncoder> fitted) {
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
            if (of.size() < 2) {
                throw uninformative(
                        features.get(i),
                        of.isEmpty() ? "no value at all" : "only the value " + of.get(0),
                        table.schema());
            }
            fitted.put(features.get(i).name().text(), new Vocabulary(of));
        }
    }

    private static void fitDense(
            List<FeatureDefinition> features, Dataset<Row> table, Map<String, FieldEncoder> fitted) {
        UserDefinedFunction moments = udaf(new MomentsAggregator(), org.apache.spark.sql.Encoders.DOUBLE());
        List<Column> wanted = new ArrayList<>();
        for (FeatureDefinition feature : features) {
            Column value = when(Encoders.isFinite(Encoders.value(feature)), Encoders.value(feature));
            wanted.addAll(List.of(
                    min(value),
                    max(value),
                    switch (feature.scalingOrDefault()) {
                        case STANDARD -> moments.apply(value);
                        case LOG1P -> moments.apply(Encoders.logarithm(value));
                        case MIN_MAX, NONE -> lit(null);
                    }));
        }
        Row all = table.agg(count(lit(1)), wanted.toArray(Column[]::new)).head();
        for (int i = 0; i < features.size(); i++) {
            FeatureDefinition feature = features.get(i);
            int at = 1 + 3 * i;
            if (all.isNullAt(at) || all.getDouble(at) == all.getDouble(at + 1)) {
                String found = all.isNullAt(at) ? "no value at all" : "only the value " + all.getDouble(at);
                throw uninformative(feature, found, table.schema());
            }
            Row of = all.getAs(at + 2);
            fitted.put(
                    feature.name().text(),
                    switch (feature.scalingOrDefault()) {
                        // Which zero is the least depends on the order of rows; plus 0, there is one zero.
                        case MIN_MAX -> new MinMax(all.getDouble(at) + 0.0, all.getDouble(at + 1) + 0.0);
                        case STANDARD -> new Standard(of.getDouble(0), of.getDouble(1));
                        case LOG1P -> new Log1p(of.getDouble(0), of.getDouble(1));
                        case NONE -> new FieldEncoder.Unscaled();
                    });
        }
    }

    /** The error for a feature with the same value in all training rows. */
    public static ConfigException uninformative(FeatureDefinition feature, String found, StructType table) {
        String columns = Arrays.stream(table.fieldNames())
                .filter(name -> !name.startsWith("_") && !Tables.RESERVED_RAW.contains(name))
                .collect(Collectors.joining(", "));
        return feature.name()
                .error("feature " + feature.name() + " has " + found
                        + " in train, so the model cannot learn anything from it. Correct its "
                        + (feature.history().isPresent()
                                ? "history"
                                : "expression (" + feature.expressionOrName() + ")")
                        + " or remove the feature. Columns: " + columns + ".");
    }
}
