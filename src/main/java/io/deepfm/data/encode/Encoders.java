package io.deepfm.data.encode;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log1p;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.signum;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.deepfm.data.encode.FieldEncoder.HashBuckets;
import io.deepfm.data.encode.FieldEncoder.Log1p;
import io.deepfm.data.encode.FieldEncoder.MinMax;
import io.deepfm.data.encode.FieldEncoder.Standard;
import io.deepfm.data.encode.FieldEncoder.Vocabulary;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.dataset.HistoryDefinition;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/**
 * The encoders of all features: fitted on the training split, then applied to any rows with the same raw columns.
 *
 * <p>A vocabulary holds the most frequent values first, equals by alphabet. (Spark's StringIndexer knows no arrays and no
 * least frequency, and gives unseen values the last id, where ours is 0.)
 */
public final class Encoders {

    private final DatasetDefinition dataset;
    private final Map<String, FieldEncoder> byField;
    /** Vocabularies that executors have, by field; a new session has other executors. */
    private final Map<String, Broadcast<Map<String, Integer>>> broadcasts = new HashMap<>();

    private SparkContext broadcastIn;

    /**
     * @param dataset the features
     * @param byField an encoder for each that is used, but for histories of items, whose ids are the items'
     */
    public Encoders(DatasetDefinition dataset, Map<String, FieldEncoder> byField) {
        this.dataset = dataset;
        this.byField = Map.copyOf(byField);
    }

    /**
     * The dataset whose features these encode.
     *
     * @return what the constructor got
     */
    public DatasetDefinition dataset() {
        return dataset;
    }

    /** The encoder that gives a feature its ids or numbers. */
    private FieldEncoder encoder(FeatureDefinition feature) {
        FieldEncoder encoder = byField.get(encoding(feature));
        if (encoder == null) {
            throw new IllegalArgumentException("Feature " + encoding(feature) + " has no encoder.");
        }
        return encoder;
    }

    /** The feature whose encoder it is. */
    private String encoding(FeatureDefinition feature) {
        return (feature.isItemHistory() ? itemFeature() : feature).name().text();
    }

    private FeatureDefinition itemFeature() {
        return dataset.itemFeature()
                .orElseThrow(() -> new IllegalArgumentException("There is no feature of the items' ids."));
    }

    /**
     * The schema of the encoded fields.
     *
     * @param labelField the label's name
     * @return a field per feature
     * @throws IllegalArgumentException if one has no encoder
     */
    public DatasetSchema schema(String labelField) {
        List<FieldSchema> fields = new ArrayList<>();
        for (FeatureDefinition feature : dataset.features()) {
            boolean shares =
                    feature.history().map(HistoryDefinition::sharesTable).orElse(false);
            int vocabularySize = encoder(feature).vocabularySize();
            fields.add(new FieldSchema(
                    feature.name().text(),
                    feature.type(),
                    feature.group(),
                    vocabularySize,
                    (shares ? itemFeature() : feature).embeddingDim(vocabularySize),
                    feature.maxLength(),
                    feature.type() == FeatureType.SEQUENCE ? feature.combiner() : null,
                    shares ? itemFeature().name().text() : null));
        }
        return new DatasetSchema(fields, labelField);
    }

    /**
     * Computes and encodes features.
     *
     * @param table rows with the raw columns
     * @param wanted some of the features
     * @return a column for each: int, float, or for a sequence an array of at most {@code maxLength} ints
     */
    public List<Column> columns(Dataset<Row> table, List<FeatureDefinition> wanted) {
        SparkContext context = table.sparkSession().sparkContext();
        return wanted.stream()
                .map(feature -> encoded(feature, context).as(feature.name().text()))
                .toList();
    }

    /**
     * Maps ids to those of earlier encoders.
     *
     * @param earlier encoders by field, such as those of yesterday
     * @return for each field and each of its ids the earlier id of the same value, 0 if there is none; empty for a numeric field
     */
    public Map<String, int[]> idsIn(Map<String, FieldEncoder> earlier) {
        Map<String, int[]> ids = new HashMap<>();
        dataset.features()
                .forEach(feature ->
                        ids.put(feature.name().text(), encoder(feature).idsIn(earlier.get(encoding(feature)))));
        return ids;
    }

    /**
     * The ids of the items of interactions.
     *
     * @param interactions rows with the item's key column
     * @return an int column; 0 everywhere where no history asks for items
     */
    public Column itemIds(Dataset<Row> interactions) {
        boolean wanted = dataset.histories().stream().anyMatch(FeatureDefinition::isItemHistory);
        return wanted ? columns(interactions, List.of(itemFeature())).get(0) : lit(0);
    }

    private synchronized Broadcast<Map<String, Integer>> ids(
            String field, Vocabulary vocabulary, SparkContext context) {
        if (context != broadcastIn) {
            broadcasts.clear();
            broadcastIn = context;
        }
        return broadcasts.computeIfAbsent(
                field, name -> JavaSparkContext.fromSparkContext(context).broadcast(vocabulary.ids()));
    }

    /**
     * The encoders by field name, in the features' order.
     *
     * @return a copy, without those of histories of items
     */
    public Map<String, FieldEncoder> byField() {
        Map<String, FieldEncoder> ordered = new LinkedHashMap<>();
        dataset.features().stream()
                .filter(feature -> !feature.isItemHistory())
                .forEach(feature -> ordered.put(feature.name().text(), encoder(feature)));
        return ordered;
    }

    private Column encoded(FeatureDefinition feature, SparkContext context) {
        if (feature.isItemHistory()) {
            return coalesce(expr(feature.expressionOrName().text()), array().cast("array<int>"));
        }
        FieldEncoder encoder = encoder(feature);
        Column value = value(feature);
        if (feature.type() == FeatureType.DENSE) {
            return when(isFinite(value), scaled(encoder, value))
                    .otherwise(lit(0.0))
                    .cast("float");
        }
        if (encoder instanceof HashBuckets hashed) {
            UnaryOperator<Column> id = text -> when(text.isNull(), lit(0))
                    .otherwise(
                            pmod(xxhash64(text), lit(hashed.buckets())).plus(1).cast("int"));
            return feature.type() == FeatureType.SPARSE
                    ? id.apply(value)
                    : coalesce(transform(slice(value, 1, feature.maxLength()), id::apply), array().cast("array<int>"));
        }
        Broadcast<Map<String, Integer>> ids = ids(feature.name().text(), (Vocabulary) encoder, context);
        UserDefinedFunction encode =
                feature.type() == FeatureType.SPARSE ? ofValue(ids) : ofList(ids, feature.maxLength());
        return encode.asNonNullable().apply(value);
    }

    private static Column scaled(FieldEncoder encoder, Column value) {
        if (encoder instanceof MinMax range) {
            Column share = value.minus(range.min()).divide(range.max() - range.min());
            return greatest(lit(0.0), least(lit(1.0), share));
        }
        if (encoder instanceof Standard standard) {
            return value.minus(standard.mean()).divide(standard.deviation());
        }
        return encoder instanceof Log1p log ? logarithm(value).minus(log.mean()).divide(log.deviation()) : value;
    }

    static Column logarithm(Column value) {
        return signum(value).multiply(log1p(abs(value)));
    }

    public static Column isFinite(Column value) {
        return value.isNotNull().and(not(isnan(value))).and(abs(value).lt(Double.POSITIVE_INFINITY));
    }

    private static UserDefinedFunction ofValue(Broadcast<Map<String, Integer>> ids) {
        UDF1<String, Integer> id = value -> id(ids.value(), value);
        return udf(id, DataTypes.IntegerType);
    }

    private static UserDefinedFunction ofList(Broadcast<Map<String, Integer>> ids, int maxLength) {
        UDF1<Seq<String>, int[]> list = values -> {
            int[] encoded = new int[values == null ? 0 : Math.min(values.size(), maxLength)];
            for (int i = 0; i < encoded.length; i++) {
                encoded[i] = id(ids.value(), values.apply(i));
            }
            return encoded;
        };
        return udf(list, DataTypes.createArrayType(DataTypes.IntegerType, false));
    }

    private static int id(Map<String, Integer> ids, String value) {
        return value == null ? 0 : ids.getOrDefault(value, 0);
    }

    /** The feature's value before encoding: text, number, or array of texts. */
    public static Column value(FeatureDefinition feature) {
        Column value = expr(feature.expressionOrName().text());
        return switch (feature.type()) {
            case SPARSE -> feature.buckets().isEmpty() ? value.cast("string") : bucket(feature.buckets(), value);
            case DENSE -> value.cast("double");
            case SEQUENCE -> value.cast("array<string>");
        };
    }

    /** The largest boundary that is not above the number, as text. */
    private static Column bucket(List<Double> boundaries, Column value) {
        Column bucket = when(value.lt(boundaries.get(0)), lit("below " + plain(boundaries.get(0))));
        for (int i = 1; i < boundaries.size(); i++) {
            bucket = bucket.when(value.lt(boundaries.get(i)), lit(plain(boundaries.get(i - 1))));
        }
        return bucket.when(isFinite(value.cast("double")), lit(plain(boundaries.get(boundaries.size() - 1))));
    }

    private static String plain(double boundary) {
        return boundary == Math.rint(boundary) ? Long.toString((long) boundary) : Double.toString(boundary);
    }
}
