package io.deepfm.data;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.udf;

import io.deepfm.data.FieldEncoder.MinMax;
import io.deepfm.data.FieldEncoder.Vocabulary;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldSchema;
import io.deepfm.storage.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.feature.StringIndexer;
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
 * <p>Spark's StringIndexer finds the values (the most frequent first, equals by alphabet). Its model is not used to
 * apply them: it knows no arrays and gives unseen values the last code, where ours is 0.
 */
public final class Encoders {

    private final List<FeatureDefinition> features;
    private final Map<String, FieldEncoder> byField;

    /**
     * @param features the features
     * @param byField an encoder for each
     * @throws IllegalArgumentException if one is missing
     */
    public Encoders(List<FeatureDefinition> features, Map<String, FieldEncoder> byField) {
        for (FeatureDefinition feature : features) {
            if (!byField.containsKey(feature.name())) {
                throw new IllegalArgumentException("Feature " + feature.name() + " has no encoder.");
            }
        }
        this.features = List.copyOf(features);
        this.byField = Map.copyOf(byField);
    }

    /**
     * Learns an encoder.
     *
     * @param feature the feature
     * @param table training rows of the feature's table
     * @return its encoder
     * @throws DataException if there is no value to learn from
     */
    static FieldEncoder fit(FeatureDefinition feature, Dataset<Row> table) {
        Dataset<Row> values = table.select(value(feature).as("value"));
        if (feature.type() == FeatureType.DENSE) {
            Row range = values.agg(min("value"), max("value")).head();
            if (range.isNullAt(0)) {
                throw noValues(feature);
            }
            return new MinMax(range.getDouble(0), range.getDouble(1));
        }
        if (feature.type() == FeatureType.SEQUENCE) {
            values = values.select(explode(col("value")).as("value"));
        }
        Dataset<Row> present = values.na().drop();
        if (present.isEmpty()) {
            throw noValues(feature);
        }
        String[] labels = new StringIndexer()
                .setInputCol("value")
                .setOutputCol("code")
                .setStringOrderType("frequencyDesc")
                .fit(present)
                .labelsArray()[0];
        return new Vocabulary(List.of(labels));
    }

    /**
     * The schema of the encoded fields.
     *
     * @param labelField the label's name
     * @return a field per feature
     */
    public DatasetSchema schema(String labelField) {
        List<FieldSchema> fields = new ArrayList<>();
        for (FeatureDefinition feature : features) {
            int vocabularySize = byField.get(feature.name()) instanceof Vocabulary vocabulary
                    ? vocabulary.values().size() + 1
                    : 0;
            fields.add(new FieldSchema(
                    feature.name(),
                    feature.type(),
                    feature.group(),
                    vocabularySize,
                    feature.embeddingDim(),
                    feature.maxLength(),
                    feature.combiner()));
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
    List<Column> columns(Dataset<Row> table, List<FeatureDefinition> wanted) {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(table.sparkSession().sparkContext());
        return wanted.stream()
                .map(feature -> encoded(feature, context).as(feature.name()))
                .toList();
    }

    /**
     * The encoders by field name, in the features' order.
     *
     * @return a copy
     */
    public Map<String, FieldEncoder> byField() {
        Map<String, FieldEncoder> ordered = new LinkedHashMap<>();
        features.forEach(feature -> ordered.put(feature.name(), byField.get(feature.name())));
        return ordered;
    }

    private Column encoded(FeatureDefinition feature, JavaSparkContext context) {
        Column value = value(feature);
        if (byField.get(feature.name()) instanceof MinMax range) {
            double width = range.max() > range.min() ? range.max() - range.min() : 1;
            Column scaled = value.minus(range.min()).divide(width);
            return coalesce(greatest(lit(0.0), least(lit(1.0), scaled)), lit(0.0))
                    .cast("float");
        }
        Vocabulary vocabulary = (Vocabulary) byField.get(feature.name());
        Broadcast<Map<String, Integer>> codes = context.broadcast(vocabulary.codes());
        UserDefinedFunction encode =
                feature.type() == FeatureType.SPARSE ? ofValue(codes) : ofList(codes, feature.maxLength());
        return encode.asNonNullable().apply(value);
    }

    private static UserDefinedFunction ofValue(Broadcast<Map<String, Integer>> codes) {
        UDF1<String, Integer> code = value -> code(codes.value(), value);
        return udf(code, DataTypes.IntegerType);
    }

    private static UserDefinedFunction ofList(Broadcast<Map<String, Integer>> codes, int maxLength) {
        UDF1<Seq<String>, int[]> list = values -> {
            int[] encoded = new int[values == null ? 0 : Math.min(values.size(), maxLength)];
            for (int i = 0; i < encoded.length; i++) {
                encoded[i] = code(codes.value(), values.apply(i));
            }
            return encoded;
        };
        return udf(list, DataTypes.createArrayType(DataTypes.IntegerType, false));
    }

    private static int code(Map<String, Integer> codes, String value) {
        return value == null ? 0 : codes.getOrDefault(value, 0);
    }

    private static Column value(FeatureDefinition feature) {
        String sqlType =
                switch (feature.type()) {
                    case SPARSE -> "string";
                    case DENSE -> "double";
                    case SEQUENCE -> "array<string>";
                };
        return expr(feature.expression()).cast(sqlType);
    }

    private static DataException noValues(FeatureDefinition feature) {
        return new DataException("Feature " + feature.name() + " has no value in the training split. Correct its"
                + " expression: " + feature.expression());
    }
}
